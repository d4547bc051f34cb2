import { minutesOf, MINUTES_PER_DAY, timeOf, type Range } from './week.js';

/** Hours in minutes of the day on which they begin: an end beyond midnight is on the next day. */
export type Stretch = { start: number; end: number };
/** What is dragged: new hours from where the pointer went down, an edge of what is there, or all of it. */
export type Drag = { kind: 'new' | 'start' | 'end' | 'move'; index: number | null; pressedAt: number; from: Stretch };

const SNAP_MINUTES = 15;
const LAST_START = MINUTES_PER_DAY - SNAP_MINUTES;

export function stretchOf([start, end]: Range): Stretch {
  const [from, until] = [minutesOf(start), minutesOf(end)];
  return { start: from, end: until > from ? until : until + MINUTES_PER_DAY };
}

export function rangeOf({ start, end }: Stretch): Range {
  return [timeOf(start), end > MINUTES_PER_DAY ? timeOf(end - MINUTES_PER_DAY) : timeOf(end)];
}

/** The hours while the pointer is at a minute of the day on which they begin. */
export function dragged({ kind, pressedAt, from }: Drag, minute: number): Stretch {
  const at = snapped(minute, Math.round);
  switch (kind) {
    case 'new': {
      const [low, high] = pressedAt <= minute ? [pressedAt, minute] : [minute, pressedAt];
      return {
        start: clamp(snapped(low, Math.floor), 0, LAST_START),
        end: clamp(snapped(high, Math.ceil), SNAP_MINUTES, MINUTES_PER_DAY),
      };
    }
    case 'start':
      return {
        start: clamp(at, earliestStart(from.end), Math.min(from.end, MINUTES_PER_DAY) - SNAP_MINUTES),
        end: from.end,
      };
    case 'end':
      return { start: from.start, end: clamp(at, from.start + SNAP_MINUTES, latestEnd(from.start)) };
    case 'move': {
      const length = from.end - from.start;
      const isOver = from.end > MINUTES_PER_DAY;
      const by = snapped(minute - pressedAt, Math.round);
      const start = clamp(from.start + by, 0, isOver ? LAST_START : MINUTES_PER_DAY - length);
      return { start, end: start + length };
    }
  }
}

/** The day with what was dragged. Hours that touch become one: a day has none twice. */
export function withDragged(ranges: readonly Range[], index: number | null, stretch: Stretch): Range[] {
  const others = ranges.filter((_, at) => at !== index).map(stretchOf);
  const merged: Stretch[] = [];
  for (const each of [...others, stretch].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && each.start <= last.end) last.end = Math.min(Math.max(last.end, each.end), latestEnd(last.start));
    else merged.push({ ...each });
  }
  return merged.map(rangeOf);
}

/** Hours that end at the time at which they begin would say nothing: a whole day is from midnight to midnight. */
function latestEnd(start: number): number {
  return start === 0 ? MINUTES_PER_DAY : start + MINUTES_PER_DAY - SNAP_MINUTES;
}

function earliestStart(end: number): number {
  return end <= MINUTES_PER_DAY ? 0 : end - MINUTES_PER_DAY + SNAP_MINUTES;
}

function snapped(minute: number, round: (value: number) => number): number {
  return round(minute / SNAP_MINUTES) * SNAP_MINUTES;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
