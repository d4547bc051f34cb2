import type { LiveChange } from '../../../domain/live.js';
import { textOf, type LiveEvent } from './event-text.js';

/** What has changed in one workspace, for those who listen there. */
export type Room = {
  listeners: Set<{ send(text: string): void }>;
  /** Something has changed: it is told, `soon` at most a second after it was told last, else at once. */
  changed(change: LiveChange, when: 'at once' | 'soon'): void;
  /** Something may be otherwise, with time: it is told when it is. */
  lookAt(change: LiveChange): void;
  close(): void;
};

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
 * has noted a change since.
 */
type Thing = { change: LiveChange; dueAtMs: number; readAtMs: number; told: string | null };

/** Each thing is read once when it has changed, and the same text goes to all. */
export function createRoom({ read, readClock, report }: RoomParts): Room {
  const listeners: Room['listeners'] = new Set();
  const things = new Map<string, Thing>();
  let timer: NodeJS.Timeout | undefined;
  let isTelling = false;
  let isClosed = false;

  return {
    listeners,
    changed(change, when) {
      const thing = thingOf(change);
      thing.told = null;
      const nowMs = performance.now();
      tellAt(thing, when === 'at once' ? nowMs : Math.max(nowMs, thing.readAtMs + TOLD_EVERY_MS));
    },
    lookAt: (change) => tellAt(thingOf(change), performance.now()),
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };

  function thingOf(change: LiveChange): Thing {
    const key = `${change.kind} ${change.id}`;
    const thing = things.get(key) ?? { change, dueAtMs: Infinity, readAtMs: -Infinity, told: null };
    things.set(key, thing);
    return thing;
  }

  function tellAt(thing: Thing, atMs: number): void {
    thing.dueAtMs = Math.min(thing.dueAtMs, atMs);
    schedule();
  }

  function schedule(): void {
    if (isTelling || isClosed) return;
    clearTimeout(timer);
    const dueAtMs = Math.min(...[...things.values()].map((thing) => thing.dueAtMs));
    if (dueAtMs === Infinity) return;
    timer = setTimeout(() => void tell(), Math.max(0, dueAtMs - performance.now()));
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
      for (const thing of due) Object.assign(thing, { dueAtMs: nowMs + TOLD_EVERY_MS, told: null });
    }
    for (const [key, { dueAtMs, readAtMs }] of things)
      if (dueAtMs === Infinity && readAtMs < nowMs - FORGOTTEN_AFTER_MS) things.delete(key);
    isTelling = false;
    schedule();
  }

  async function tellThing(thing: Thing, at: Date): Promise<void> {
    const before = thing.told;
    thing.told = '';
    const event = await read(thing.change);
    const told = JSON.stringify(event, withoutTimes);
    // A change that was noted meanwhile is read again, and told whatever it is.
    if (thing.told !== null) thing.told = told;
    if (!event || told === before) return;
    const text = textOf(at, event);
    for (const { send } of listeners) send(text);
  }
}

/** When something was counted is no change. */
function withoutTimes(key: string, value: unknown): unknown {
  return key === 'countedAt' ? undefined : value;
}
