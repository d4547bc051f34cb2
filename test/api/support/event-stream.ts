/** One event that a stream has told. */
export type ToldEvent = { name: string; id: string | null; data: Record<string, unknown>; atMs: number };

export type EventStream = {
  status: number;
  /** All that were told so far, oldest first. */
  events: ToldEvent[];
  /** The next event that is so, of those that no `next` has passed. @throws when the stream ends before, or after 10 seconds */
  next(name: string, isIt?: (data: Record<string, unknown>) => boolean): Promise<ToldEvent>;
  /** Resolves to true when the server has ended the stream, and to false when it was cut off. */
  ended: Promise<boolean>;
  close(): void;
};

const WAIT_MS = 10_000;

/** Listens as a browser does, but for coming again by itself. */
export async function listenTo(url: string, headers: Record<string, string>): Promise<EventStream> {
  const cut = new AbortController();
  const res = await fetch(`${url}/v1/events`, { headers, signal: cut.signal });
  const events: ToldEvent[] = [];
  const waiting = new Set<() => void>();
  let isOver = false;
  const ended = readAll(res, (event) => {
    events.push(event);
    for (const look of waiting) look();
  }).finally(() => {
    isOver = true;
    for (const look of waiting) look();
  });
  let passed = 0;
  return {
    status: res.status,
    events,
    ended,
    close: () => cut.abort(),
    next(name, isIt = () => true) {
      return new Promise((resolve, reject) => {
        const give = (settle: () => void): void => {
          clearTimeout(timer);
          waiting.delete(look);
          settle();
        };
        const fail = (why: string): void =>
          give(() =>
            reject(new Error(`no ${name} came ${why}; since the last one: ${JSON.stringify(events.slice(passed))}`)),
          );
        const look = (): void => {
          const place = events.findIndex((event, index) => index >= passed && event.name === name && isIt(event.data));
          const found = events[place];
          if (found) {
            passed = place + 1;
            give(() => resolve(found));
          } else if (isOver) fail('before the stream ended');
        };
        const timer = setTimeout(() => fail('in time'), WAIT_MS);
        waiting.add(look);
        look();
      });
    },
  };
}

async function readAll(res: Response, tell: (event: ToldEvent) => void): Promise<boolean> {
  let text = '';
  try {
    for await (const chunk of res.body!.pipeThrough(new TextDecoderStream())) {
      const parts = (text + chunk).split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) {
        const event = toEvent(part);
        if (event) tell(event);
      }
    }
    return true;
  } catch {
    return false;
  }
}

/** Null for a comment, and for a wish of when to come again. */
function toEvent(part: string): ToldEvent | null {
  const fieldOf = (name: string): string | null => new RegExp(`^${name}: (.*)$`, 'm').exec(part)?.[1] ?? null;
  const name = fieldOf('event');
  if (name === null) return null;
  return { name, id: fieldOf('id'), data: JSON.parse(fieldOf('data') ?? '{}'), atMs: performance.now() };
}
