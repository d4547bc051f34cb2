import type { Response } from 'express';
import { ApiError } from '../errors.js';
import { textOf } from './event-text.js';
import type { Hub } from './hub.js';

/** Who listens, and whether they may still. */
export type Live = {
  hub: Hub;
  workspaceId: string;
  personId: string | null;
  heardAt: Date | null;
  /** @throws when who asked may listen no longer */
  stillIn(): Promise<void>;
};

/** So often something is sent, so that what lies between does not take the connection for dead; and who listens is looked up. */
const HEARTBEAT_MS = 15_000;
/** A client that is ended comes again after this long. */
const COME_AGAIN_MS = 1_000;
/** Who takes so little has lost the connection, or is too slow: it comes again and hears what it has missed. */
const UNTAKEN_BYTES_MAX = 1_000_000;

/** Sends events until the client goes, may listen no longer, or the process stops. */
export async function sendLive(res: Response, { hub, stillIn, ...who }: Live): Promise<void> {
  res.type('text/event-stream').set({ 'Cache-Control': 'no-store, no-transform', 'X-Accel-Buffering': 'no' });
  if (res.req.method === 'HEAD') return void res.end();
  res.flushHeaders();
  const gone = new Promise<void>((resolve) => (res.closed ? resolve() : res.once('close', resolve)));
  const send = (text: string): void => {
    if (res.writableEnded) return;
    res.write(text);
    if (res.writableLength > UNTAKEN_BYTES_MAX) res.destroy();
  };
  const { headers, sessionID = '' } = res.req;
  const identity = `${who.workspaceId} ${headers.authorization ?? ''} ${sessionID}`;
  const lookAgain = (): void => {
    hub.lookUp(identity, stillIn).catch((err: unknown) => {
      // While the database is away nobody can be looked up.
      if (res.writableEnded || !(err instanceof ApiError)) return;
      send(textOf(null, { name: 'ended', data: {} }));
      res.end();
    });
  };
  send(`retry: ${COME_AGAIN_MS}\n\n`);
  const leave = hub.join({ ...who, send, lookAgain, end: () => res.end() });
  const heartbeat = setInterval(() => {
    send(':\n\n');
    lookAgain();
  }, HEARTBEAT_MS);
  try {
    await gone;
  } finally {
    clearInterval(heartbeat);
    leave();
  }
}
