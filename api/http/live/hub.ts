import { readNotice, type LiveChange, type LiveKind } from '../../../domain/live.js';
import { startLoop } from '../../../platform/loop.js';
import type { Queryable } from '../../../store/database.js';
import type { Notices } from '../../../store/listen.js';
import { readChangesSince, readRunningBatches } from '../../../store/live/read-live.js';
import { readClock } from '../../../store/read-clock.js';
import { RESET, textOf } from './event-text.js';
import { createLookUps, type LookUps } from './look-ups.js';
import { createRoom, type Room, type RoomParts } from './room.js';

/** Somebody who listens, from now on. */
export type Listener = {
  workspaceId: string;
  /** Of a member; null for a key. */
  personId: string | null;
  /** When it heard the last thing; null: it has never listened before. */
  heardAt: Date | null;
  send(text: string): void;
  /** Whether it may listen still; it is ended when it may not. */
  lookAgain(): void;
  /** No more will come from this process. */
  end(): void;
};

export type Hub = {
  /** Looks up whether who listens may still, bounded (`createLookUps`). */
  lookUp: LookUps;
  /** @returns what ends it */
  join(listener: Listener): () => void;
  stop(): Promise<void>;
};

type HubParts = Pick<RoomParts, 'read' | 'report'> & {
  db: Queryable;
  /** Begins to listen to PostgreSQL. */
  listen(): Notices;
};

/** Why a batch waits changes with time alone: running ones are looked at so often. */
const LOOKED_AT_EVERY_MS = 20_000;
/** They take connections that changes and webhooks need. */
const LOOK_UPS_AT_ONCE = 2;
/** What changes by itself, many times. */
const MOVES: readonly LiveKind[] = ['import', 'job'];
/** More things than that are read anew by the client. */
const REPEATED_MAX = 500;

/**
 * Tells everybody who listens in a workspace what has changed there, whichever process changed it: PostgreSQL notifies, once
 * somebody listens here. What a person has changed, and the first change after quiet, is told at once; counters of a thing at
 * most once a second. What is told is the thing as it is, never a difference: hearing it twice does no harm, and the last that
 * was heard is right.
 */
export function createHub({ db, listen, read, report }: HubParts): Hub {
  const rooms = new Map<string, Room>();
  const everybody = new Set<Listener>();
  let listening: { notices: Notices; begun: Promise<void> } | null = null;
  const looking = startLoop(LOOKED_AT_EVERY_MS, lookAtRunning, report);
  const now = async (): Promise<Date> => new Date(await readClock(db));

  return {
    lookUp: createLookUps(LOOK_UPS_AT_ONCE),
    join(listener) {
      listening ??= startListening();
      const room = rooms.get(listener.workspaceId) ?? createRoom({ read, report, readClock: now });
      rooms.set(listener.workspaceId, room);
      room.listeners.add(listener);
      everybody.add(listener);
      listening.begun
        .then(() => greet(listener))
        .catch((err: unknown) => {
          report(err);
          listener.end();
        });
      return () => leave(room, listener);
    },
    async stop() {
      for (const listener of everybody) listener.end();
      await Promise.all([looking.stop(), listening?.notices.stop()]);
    },
  };

  function leave(room: Room, listener: Listener): void {
    everybody.delete(listener);
    room.listeners.delete(listener);
    if (room.listeners.size > 0) return;
    room.close();
    rooms.delete(listener.workspaceId);
  }

  function startListening() {
    const notices = listen();
    notices.onNotice((payload) => {
      const notice = readNotice(payload);
      if (notice?.kind === 'access') lookAgainAt(notice.whose);
      else if (notice) note(notice);
    });
    const begun = firstOf(notices, () => {
      // What was notified while the connection was away, nobody has heard.
      for (const { send } of everybody) send(textOf(null, RESET));
    });
    return { notices, begun };
  }

  function lookAgainAt(whose: string): void {
    for (const { workspaceId, personId, lookAgain } of everybody)
      if (workspaceId === whose || personId === whose) lookAgain();
  }

  /** What changes meanwhile is told too: it has joined already. */
  async function greet(listener: Listener): Promise<void> {
    const { workspaceId, heardAt, send } = listener;
    const at = await now();
    const missed = heardAt ? await readChangesSince(db, workspaceId, { since: heardAt, max: REPEATED_MAX }) : [];
    send(textOf(at, { name: 'ready', data: { at: at.toISOString() } }));
    if (!missed) send(textOf(at, RESET));
    for (const thing of (missed ?? []).flatMap(thingsOf)) rooms.get(workspaceId)?.repeat(thing, listener);
  }

  function note(change: LiveChange): void {
    const when = change.kind === 'calls' || MOVES.includes(change.kind) ? 'soon' : 'at once';
    for (const thing of thingsOf(change)) rooms.get(change.workspaceId)?.changed(thing, when);
  }

  async function lookAtRunning(): Promise<void> {
    if (rooms.size === 0) return;
    for (const change of await readRunningBatches(db, [...rooms.keys()])) rooms.get(change.workspaceId)?.lookAt(change);
  }
}

/** What is otherwise after a change: with the calls of a batch, its counters and the slots of the workspace. */
function thingsOf(change: LiveChange): LiveChange[] {
  if (change.kind !== 'calls') return [change];
  return [
    { ...change, kind: 'batch' },
    { ...change, kind: 'workspace', id: change.workspaceId },
  ];
}

/** Resolves when it begins to listen; calls `again` whenever it does after that. */
function firstOf(notices: Notices, again: () => void): Promise<void> {
  return new Promise((resolve) => {
    let isFirst = true;
    notices.onListening(() => {
      if (!isFirst) again();
      isFirst = false;
      resolve();
    });
  });
}
