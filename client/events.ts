import { DialwrightError, problemOf } from './problem.js';
import { pause, type Fetch } from './retrying-fetch.js';

/** What has changed; `GET /v1/events` says what each name comes with. */
export type LiveEvent = { name: string; data: Record<string, unknown> };

export type ListenOptions = {
  /** Ends it. */
  signal?: AbortSignal;
  /** Called when the connection is lost, and when it is there again. */
  onConnection?: (isThere: boolean) => void;
};

/** The server sends something every 15 seconds: after three times that long the connection is lost. */
const SILENT_MAX_MS = 45_000;
const AGAIN_MS = 1_000;
const AGAIN_MAX_MS = 30_000;
const FINAL = [400, 401, 403, 404];

type Listening = { fetch: Fetch; url: string; headers: Record<string, string> };

/**
 * What changes, until the signal ends it, or the server says that who listens may do so no longer. A connection that is lost is
 * made again, and what was missed is told then. After `reset`, read anew what you show. @throws DialwrightError when it is refused
 */
export async function* listen(
  { fetch, url, headers }: Listening,
  { signal = new AbortController().signal, onConnection = () => undefined }: ListenOptions,
): AsyncGenerator<LiveEvent, void, undefined> {
  let lastId: string | undefined;
  let failures = 0;
  while (!signal.aborted) {
    const cut = new AbortController();
    const stop = (): void => cut.abort();
    signal.addEventListener('abort', stop);
    try {
      const own = lastId === undefined ? headers : { ...headers, 'Last-Event-ID': lastId };
      const res = await fetch(new Request(url, { headers: own, signal: cut.signal }));
      if (FINAL.includes(res.status))
        throw new DialwrightError(problemOf(res.status, await res.json().catch(() => null)));
      if (res.ok && res.body) {
        onConnection(true);
        for await (const { id, event } of eventsIn(res.body, cut)) {
          failures = 0;
          lastId = id ?? lastId;
          if (event.name === 'ended') return;
          yield event;
        }
      }
    } catch (err) {
      if (err instanceof DialwrightError) throw err;
    } finally {
      signal.removeEventListener('abort', stop);
      cut.abort();
    }
    if (signal.aborted) return;
    onConnection(false);
    await pause(Math.min(AGAIN_MAX_MS, AGAIN_MS * 2 ** failures++) * (0.5 + Math.random() / 2), signal).catch(() => {});
  }
}

async function* eventsIn(
  body: ReadableStream<Uint8Array>,
  cut: AbortController,
): AsyncGenerator<{ id: string | undefined; event: LiveEvent }> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const silent = setTimeout(() => cut.abort(), SILENT_MAX_MS);
    const { done, value } = await reader.read().finally(() => clearTimeout(silent));
    if (done) return;
    const parts = (text + decoder.decode(value, { stream: true })).split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) {
      const name = fieldOf(part, 'event');
      // A comment, or a wish of when to come again.
      if (name === undefined) continue;
      const data = JSON.parse(fieldOf(part, 'data') ?? '{}') as Record<string, unknown>;
      yield { id: fieldOf(part, 'id'), event: { name, data } };
    }
  }
}

function fieldOf(part: string, name: string): string | undefined {
  const line = part.split('\n').find((each) => each.startsWith(`${name}: `));
  return line?.slice(name.length + 2);
}
