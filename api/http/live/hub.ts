import { readNotice, type LiveChange } from '../../../domain/live.js';
import type { Notices } from '../../../store/listen.js';
import type { Queryable } from '../../../store/database.js';
import { readChangesSince, readRunningBatches } from '../../../store/live/read-live.js';
import { readClock } from '../../../store/read-clock.js';
import { startLoop } from '../../../platform/loop.js';

/** What a client is told: its name, and what is sent with it. */
export type LiveEvent = { name: string; data: unknown };

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
  /** @returns what ends it */
  join(listener: Listener): () => void;
  stop(): Promise<void>;
};

type HubParts = {
  db: Queryable;
  /** Begins to listen to PostgreSQL, once somebody listens here. */
  listen(): Notices;
  /** What is told of a thing as it is now; null when there is nothing to tell. */
  read(change: LiveChange): Promise<LiveEvent | null>;
  report(err: unknown): void;
};

/** A thing that goes on changing is told so often at most. */
const TOLD_EVERY_MS = 1_000;
/** Why a batch waits changes with time alone: running ones are looked at so often. */
const LOOKED_AT_EVERY_MS = 20_000;
/** More things than that are read anew by the client. */
const REPEATED_MAX = 500;
const READS_AT_ONCE = 4;
/** More has changed than can be told: what is shown has to be read anew. */
const RESET: LiveEvent = { name: 'reset', data: {} };

/**
 * A thing that has changed, or did lately. Times are on the clock of `performance.now()`. `told`: what was told last, when nobody
 * has noted a change since.
 */
type Thing = { change: LiveChange; dueAtMs: number; readAtMs: number; told: string | null };
type Room = {
  listeners: Set<Listener>;
  things: Map<string, Thing>;
  timer: NodeJS.Timeout | undefined;
  isTelling: boolean;
};
type Listening = { notices: Notices; begun: Promise<void> };

/**
 * Tells everybody who listens in a workspace what has changed there, whichever process changed it: PostgreSQL notifies, the
 * thing is read once, and the same text goes to all. What a person has changed, and the first change after quiet, is told at
 * once; counters of a thing at most once a second. What is told is the thing as it is, never a difference: hearing it twice
 * does no harm, and the last that was heard is right.
 */
export function createHub({ db, listen, read, report }: HubParts): Hub {
  const rooms = new Map<string, Room>();
  let listening: Listening | null = null;
  const looking = startLoop(LOOKED_AT_EVERY_MS, lookAtRunning, report);

  return {
    join(listener) {
      const { workspaceId } = listener;
      listening ??= startListening();
      const room = rooms.get(workspaceId) ?? openRoom(workspaceId);
      room.listeners.add(listener);
      listening.begun
        .then(() => greet(listener))
        .catch((err: unknown) => {
          report(err);
          listener.end();
        });
      return () => {
        room.listeners.delete(listener);
        if (room.listeners.size > 0) return;
        clearTimeout(room.timer);
        rooms.delete(workspaceId);
      };
    },
    async stop() {
      for (const listener of everybody()) listener.end();
      await Promise.all([looking.stop(), listening?.notices.stop()]);
    },
  };

  function everybody(): Listener[] {
    return [...rooms.values()].flatMap(({ listeners }) => [...listeners]);
  }

  function openRoom(workspaceId: string): Room {
    const room: Room = { listeners: new Set(), things: new Map(), timer: undefined, isTelling: false };
    rooms.set(workspaceId, room);
    return room;
  }

  function startListening(): Listening {
    const notices = listen();
    notices.onNotice((payload) => {
      const notice = readNotice(payload);
      if (notice?.kind === 'access') lookAgainAt(notice.whose);
      else if (notice) note(notice);
    });
    const begun = new Promise<void>((resolve) => {
      let isFirst = true;
      notices.onListening(() => {
        // What was notified while the connection was away, nobody has heard.
        if (!isFirst) for (const listener of everybody()) listener.send(textOf(null, RESET));
        isFirst = false;
        resolve();
      });
    });
    return { notices, begun };
  }

  function lookAgainAt(whose: string): void {
    for (const listener of everybody())
      if (listener.workspaceId === whose || listener.personId === whose) listener.lookAgain();
  }

  /** What changes meanwhile is told too: it has joined already. */
  async function greet({ workspaceId, heardAt, send }: Listener): Promise<void> {
    const now = new Date(await readClock(db));
    const missed = heardAt ? await readChangesSince(db, workspaceId, { since: heardAt, max: REPEATED_MAX }) : [];
    send(textOf(now, { name: 'ready', data: { at: now.toISOString() } }));
    if (!missed) send(textOf(now, RESET));
    for (const change of missed ?? []) note(change);
  }

  function note(change: LiveChange): void {
    const { workspaceId, kind } = change;
    const room = rooms.get(workspaceId);
    if (!room) return;
    if (kind === 'calls') {
      tellWithinASecond(room, { ...change, kind: 'batch' });
      tellWithinASecond(room, { ...change, kind: 'workspace', id: workspaceId });
    } else if (kind === 'import') tellWithinASecond(room, change);
    else tellAt(room, changedThing(room, change), performance.now());
  }

  /** At once after quiet. */
  function tellWithinASecond(room: Room, change: LiveChange): void {
    const thing = changedThing(room, change);
    tellAt(room, thing, Math.max(performance.now(), thing.readAtMs + TOLD_EVERY_MS));
  }

  function changedThing(room: Room, change: LiveChange): Thing {
    const thing = thingOf(room, change);
    thing.told = null;
    return thing;
  }

  function tellAt(room: Room, thing: Thing, atMs: number): void {
    thing.dueAtMs = Math.min(thing.dueAtMs, atMs);
    schedule(room);
  }

  function schedule(room: Room): void {
    if (room.isTelling || room.listeners.size === 0) return;
    clearTimeout(room.timer);
    const dueAtMs = Math.min(...[...room.things.values()].map((thing) => thing.dueAtMs));
    if (dueAtMs === Infinity) return;
    room.timer = setTimeout(() => void tell(room), Math.max(0, dueAtMs - performance.now()));
  }

  async function tell(room: Room): Promise<void> {
    room.isTelling = true;
    const nowMs = performance.now();
    const due = [...room.things.values()].filter(({ dueAtMs }) => dueAtMs <= nowMs).slice(0, READS_AT_ONCE);
    for (const thing of due) Object.assign(thing, { dueAtMs: Infinity, readAtMs: nowMs });
    try {
      const at = new Date(await readClock(db));
      await Promise.all(due.map((thing) => tellThing(room, thing, at)));
    } catch (err) {
      report(err);
      // None of them is lost: it is read again.
      for (const thing of due) thing.dueAtMs = nowMs + TOLD_EVERY_MS;
    }
    forgetQuiet(room);
    room.isTelling = false;
    schedule(room);
  }

  async function tellThing({ listeners }: Room, thing: Thing, at: Date): Promise<void> {
    const before = thing.told;
    thing.told = '';
    const event = await read(thing.change);
    const told = JSON.stringify(event, withoutTimes);
    // A change that was noted since is read again, and told whatever it is.
    if (thing.told !== null) thing.told = told;
    if (!event || told === before) return;
    const text = textOf(at, event);
    for (const listener of listeners) listener.send(text);
  }

  async function lookAtRunning(): Promise<void> {
    for (const change of rooms.size === 0 ? [] : await readRunningBatches(db, [...rooms.keys()])) {
      const room = rooms.get(change.workspaceId);
      if (room) tellAt(room, thingOf(room, change), performance.now());
    }
  }
}

function thingOf({ things }: Room, change: LiveChange): Thing {
  const key = `${change.kind} ${change.id}`;
  const thing = things.get(key) ?? { change, dueAtMs: Infinity, readAtMs: -Infinity, told: null };
  things.set(key, thing);
  return thing;
}

function forgetQuiet({ things }: Room): void {
  const quietSinceMs = performance.now() - 2 * LOOKED_AT_EVERY_MS;
  for (const [key, { dueAtMs, readAtMs }] of things)
    if (dueAtMs === Infinity && readAtMs < quietSinceMs) things.delete(key);
}

/** When something was counted is no change. */
function withoutTimes(key: string, value: unknown): unknown {
  return key === 'countedAt' ? undefined : value;
}

/** One event as `text/event-stream` has it. Its id says until when everything was heard. */
export function textOf(at: Date | null, { name, data }: LiveEvent): string {
  return `${at ? `id: ${at.getTime()}\n` : ''}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
