import type { LiveChange } from '../../../domain/live.js';
import { createAlarm } from './alarm.js';
import { textOf, type LiveEvent } from './event-text.js';

/** What has changed in one workspace, for those who listen there. */
export type Room = {
  listeners: Set<Hearer>;
  /** Something has changed: it is told, `soon` at most a second after it was told last, else at once. */
  changed(change: LiveChange, when: 'at once' | 'soon'): void;
  /** Something may be otherwise, with time: it is told when it is. */
  lookAt(change: LiveChange): void;
  /** Somebody has missed a change: they are told how it is, and nobody else is. */
  repeat(change: LiveChange, to: Hearer): void;
  close(): void;
};

type Hearer = { send(text: string): void };

export type RoomParts = {
  /** What is told of a thing as it is now; null when there is nothing to tell. */
  read(change: LiveChange): Promise<LiveEvent | null>;
  readClock(): Promise<Date>;
  report(err: unknown): void;
};

/** A thing that goes on changing is told so often at most. */
const TOLD_EVERY_MS = 1_000;
const READS_AT_ONCE = 4;
/** What has not been looked at for so long is forgotten. */
const FORGOTTEN_AFTER_MS = 60_000;

/**
 * A thing that has changed, or did lately. Times are on the clock of `performance.now()`. `told`: what was told last, when nobody
 * has noted a change since. `missedBy`: who is told when it is read, though it is as it was.
 */
type Thing = {
  change: LiveChange;
  dueAtMs: number;
  readAtMs: number;
  told: string | null;
  isForAll: boolean;
  missedBy: Set<Hearer>;
};

/** Each thing is read once when it has changed, and the same text goes to all. */
export function createRoom({ read, readClock, report }: RoomParts): Room {
  const listeners: Room['listeners'] = new Set();
  const things = new Map<string, Thing>();
  let isTelling = false;
  let isClosed = false;
  const alarm = createAlarm(() => void tell());

  return {
    listeners,
    changed(change, when) {
      const thing = thingOf(change);
      Object.assign(thing, { told: null, isForAll: true });
      tellAt(thing, when === 'at once' ? performance.now() : soonOf(thing));
    },
    lookAt(change) {
      const thing = thingOf(change);
      thing.isForAll = true;
      tellAt(thing, performance.now());
    },
    repeat(change, to) {
      const thing = thingOf(change);
      thing.missedBy.add(to);
      tellAt(thing, soonOf(thing));
    },
    close() {
      isClosed = true;
      alarm.stop();
    },
  };

  function thingOf(change: LiveChange): Thing {
    const key = `${change.kind} ${change.id}`;
    const thing = things.get(key) ?? newThing(change);
    things.set(key, thing);
    return thing;
  }

  function tellAt(thing: Thing, atMs: number): void {
    thing.dueAtMs = Math.min(thing.dueAtMs, atMs);
    if (!isTelling && !isClosed) alarm.ringAt(thing.dueAtMs);
  }

  async function tell(): Promise<void> {
    isTelling = true;
    const nowMs = performance.now();
    const due = [...things.values()].filter(({ dueAtMs }) => dueAtMs <= nowMs).slice(0, READS_AT_ONCE);
    for (const thing of due) Object.assign(thing, { dueAtMs: Infinity, readAtMs: nowMs });
    try {
      const at = await readClock();
      await Promise.all(due.map((thing) => tellThing(thing, at)));
    } catch (err) {
      report(err);
      // None of them is lost: it is read again.
      for (const thing of due) Object.assign(thing, { dueAtMs: nowMs + TOLD_EVERY_MS, told: null, isForAll: true });
    }
    let nextAtMs = Infinity;
    for (const [key, { dueAtMs, readAtMs }] of things) {
      nextAtMs = Math.min(nextAtMs, dueAtMs);
      if (dueAtMs === Infinity && readAtMs < nowMs - FORGOTTEN_AFTER_MS) things.delete(key);
    }
    isTelling = false;
    if (!isClosed) alarm.ringAt(nextAtMs);
  }

  async function tellThing(thing: Thing, at: Date): Promise<void> {
    const { told: before, isForAll, missedBy } = thing;
    Object.assign(thing, { told: '', isForAll: false, missedBy: new Set() });
    const event = await read(thing.change);
    const told = JSON.stringify(event, withoutTimes);
    // A change that was noted meanwhile is read again, and told whatever it is.
    if (thing.told !== null) thing.told = told;
    if (!event) return;
    const text = textOf(at, event);
    const hearers = isForAll && told !== before ? listeners : missedBy;
    for (const hearer of hearers) if (listeners.has(hearer)) hearer.send(text);
  }
}

function newThing(change: LiveChange): Thing {
  return { change, dueAtMs: Infinity, readAtMs: -Infinity, told: null, isForAll: false, missedBy: new Set() };
}

function soonOf({ readAtMs }: Thing): number {
  return Math.max(performance.now(), readAtMs + TOLD_EVERY_MS);
}

/** When something was counted is no change. */
function withoutTimes(key: string, value: unknown): unknown {
  return key === 'countedAt' ? undefined : value;
}
