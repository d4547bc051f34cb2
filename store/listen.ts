import pg from 'pg';

/** What PostgreSQL notifies on one channel. */
export type Notices = {
  onNotice(handler: (payload: string) => void): void;
  /** Called whenever it begins to listen: what was notified before, nobody has heard. */
  onListening(handler: () => void): void;
  stop(): Promise<void>;
};

/** `lanes`: the id of a workspace in which a slot was freed or a batch has changed. `changes`: see `note_live_change`. */
type Channel = 'dialwright_lanes' | 'dialwright_changes';

const RECONNECT_MS = 250;

/**
 * Listens on a connection of its own and reconnects for ever. A notification may be lost while it is away: whoever
 * handles `onListening` looks at everything then.
 */
export function listen(url: string, channel: Channel, report: (err: Error) => void): Notices {
  const handlers: ((payload: string) => void)[] = [];
  const listening: (() => void)[] = [];
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  function connect(): void {
    if (stopped) return;
    const next = new pg.Client({ connectionString: url, keepAlive: true, connectionTimeoutMillis: 5_000 });
    client = next;
    let lost = false;
    const reconnect = (err?: Error): void => {
      if (lost) return;
      lost = true;
      if (err && !stopped) report(err);
      next.end().catch(() => {});
      if (!stopped) timer = setTimeout(connect, RECONNECT_MS);
    };
    next.on('error', reconnect);
    next.on('end', () => reconnect());
    next.on('notification', ({ payload }) => handlers.forEach((handler) => payload && handler(payload)));
    next
      .connect()
      .then(() => next.query(`LISTEN ${channel}`))
      .then(() => listening.forEach((handler) => handler()))
      .catch(reconnect);
  }

  connect();
  return {
    onNotice: (handler) => handlers.push(handler),
    onListening: (handler) => listening.push(handler),
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await client?.end().catch(() => {});
    },
  };
}
