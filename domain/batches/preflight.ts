import type { Opening } from '../hours/openings.js';

/** Recipients whose hours are the same. */
export type PreflightGroup = {
  zoneSet: string;
  recipients: number;
  openings: readonly Opening[];
  /** Whether its hours open at all, if not in the time asked for; left out: whether they do in that. */
  everOpens?: boolean;
};

export type PreflightInput = {
  groups: readonly PreflightGroup[];
  concurrency: number;
  callsPerSecond: number | null;
  /** Assumed for every call, from its start to its end. */
  callLengthMs: number;
  fromMs: number;
  untilMs: number;
};

export type PreflightHour = {
  startMs: number;
  /** Recipients not called before this hour whose hours allow a call during it. */
  callable: number;
  /** Calls that the limits let start in it. */
  calls: number;
};

export type Preflight = {
  /** Whole hours of UTC, from the one that contains `fromMs` to the last one with a call. */
  hours: PreflightHour[];
  /** When the last call ends; null when recipients are left over. */
  finishMs: number | null;
  /** Recipients who cannot be called before `untilMs`: their hours never open, or not before, or the limits do not let everybody through. */
  leftOver: { neverOpen: number; tooMany: number };
};

type Waiting = PreflightGroup & { left: number };
/** A group with those of its openings that an hour touches. */
type Callable = { group: Waiting; openings: readonly Opening[] };

const HOUR_MS = 3_600_000;
/** Less than this of a call is rounding. */
const NOTHING = 1e-6;

/** As `preflightSteps`, in one go. */
export function preflight(input: PreflightInput): Preflight {
  const steps = preflightSteps(input);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * When a batch would call whom: one try each, slots always in use, those who may be called served in proportion to their number, as
 * the claim does on average. Retries, other batches and refusals are not foreseen. A span of 14 days takes a few milliseconds; with hundreds of
 * zones it may take a second, so that it gives way after each hour.
 */
export function* preflightSteps(input: PreflightInput): Generator<void, Preflight> {
  const { groups, fromMs, untilMs, callLengthMs } = input;
  const waiting = groups.map((group) => ({ ...group, left: group.recipients }));
  const callsPerMs = ratePerMs(input);
  const hours: PreflightHour[] = [];
  let lastStartMs = fromMs;
  let started = 0;
  for (let startMs = hourOf(fromMs); startMs < untilMs && sumOfLeft(waiting) > NOTHING; startMs += HOUR_MS) {
    const hour = { fromMs: Math.max(startMs, fromMs), untilMs: Math.min(startMs + HOUR_MS, untilMs) };
    const callable = callableIn(hour, waiting);
    const callableBefore = sumOfLeft(callable.map(({ group }) => group));
    const before = Math.round(started);
    for (const slice of slicesOf(hour, callable)) {
      const served = serve(callable, slice, callsPerMs);
      started += served.calls;
      if (served.calls > 0) lastStartMs = served.endMs;
    }
    // Rounded as a running total, so that the hours add up to the whole.
    hours.push({ startMs, callable: Math.round(callableBefore), calls: Math.round(started) - before });
    yield;
  }
  while (hours.length > 0 && hours.at(-1)?.calls === 0) hours.pop();
  const leftOver = countLeftOver(waiting);
  const isDone = leftOver.neverOpen + leftOver.tooMany === 0;
  return { hours, finishMs: isDone ? Math.ceil(lastStartMs + (started > 0 ? callLengthMs : 0)) : null, leftOver };
}

/** Every slot takes a call of the assumed length after the other, unless the pace is slower. */
function ratePerMs({ concurrency, callLengthMs, callsPerSecond }: PreflightInput): number {
  const bySlots = concurrency / callLengthMs;
  return callsPerSecond === null ? bySlots : Math.min(bySlots, callsPerSecond / 1_000);
}

function callableIn(hour: { fromMs: number; untilMs: number }, waiting: readonly Waiting[]): Callable[] {
  return waiting
    .map((group) => ({ group, openings: group.openings.filter((opening) => overlaps(opening, hour)) }))
    .filter(({ openings }) => openings.length > 0);
}

/** Parts of an hour in which the same groups are open throughout. */
function slicesOf(hour: { fromMs: number; untilMs: number }, groups: readonly Callable[]) {
  const edges = new Set([hour.fromMs, hour.untilMs]);
  for (const { openings } of groups)
    for (const { opensAtMs, closesAtMs } of openings)
      for (const edgeMs of [opensAtMs, closesAtMs])
        if (edgeMs > hour.fromMs && edgeMs < hour.untilMs) edges.add(edgeMs);
  const sorted = [...edges].sort((a, b) => a - b);
  return sorted.slice(1).map((untilMs, index) => ({ fromMs: sorted[index] ?? untilMs, untilMs }));
}

/** Takes from each open group its share of what the slice lets through. */
function serve(groups: readonly Callable[], slice: { fromMs: number; untilMs: number }, callsPerMs: number) {
  const open = groups
    .filter(({ openings }) => openings.some((opening) => overlaps(opening, slice)))
    .map(({ group }) => group);
  const left = sumOfLeft(open);
  const calls = Math.min(left, callsPerMs * (slice.untilMs - slice.fromMs));
  if (left > 0) for (const group of open) group.left -= (calls * group.left) / left;
  return { calls, endMs: slice.fromMs + calls / callsPerMs };
}

function countLeftOver(waiting: readonly Waiting[]) {
  const neverOpen = Math.round(
    sumOfLeft(waiting.filter(({ everOpens, openings }) => !(everOpens ?? openings.length > 0))),
  );
  return { neverOpen, tooMany: Math.round(sumOfLeft(waiting)) - neverOpen };
}

function overlaps({ opensAtMs, closesAtMs }: Opening, span: { fromMs: number; untilMs: number }): boolean {
  return opensAtMs < span.untilMs && closesAtMs > span.fromMs;
}

function sumOfLeft(groups: readonly Waiting[]): number {
  return groups.reduce((sum, { left }) => sum + left, 0);
}

function hourOf(ms: number): number {
  return Math.floor(ms / HOUR_MS) * HOUR_MS;
}
