import { callsOf, type Call, type Evidence, type Span } from './evidence.js';
import { groupBy } from './group-by.js';

/** A request belongs to the instant of its DIALING commit and leaves within this, or not at all. */
export const DIAL_BUDGET_MS = 250;
/**
 * The pace is kept where it is decided, at the DIALING commits, and there without tolerance. Requests reach the carrier
 * up to the dial budget later, and its clock is read when its process gets the processor: on two cores that five processes
 * share after a kill, some arrive late and together. A pace that is not kept shows far beyond a fifth.
 */
const ARRIVAL_TOLERANCE = 0.2;
const SECOND_MS = 1_000;

export function checkHours({ rules, ledger, attempts }: Evidence): string[] {
  const calls = callsOf(ledger);
  const startedLate = (span: Span): Call[] =>
    calls.filter((call) => call.receivedAtMs >= span.fromMs + DIAL_BUDGET_MS && call.receivedAtMs < span.untilMs);
  const claimedIn = rules.closings.flatMap(({ fromMs, untilMs }) =>
    attempts.filter((attempt) => attempt.dialingAtMs >= fromMs && attempt.dialingAtMs < untilMs),
  );
  return [
    ...claimedIn.map(({ id, dialingAtMs }) => `Outside the hours: attempt ${id} was claimed at ${isoOf(dialingAtMs)}`),
    ...rules.closings
      .flatMap(startedLate)
      .map(({ to, receivedAtMs }) => `Outside the hours: ${to} was called at ${isoOf(receivedAtMs)}`),
    ...rules.pauses
      .flatMap(startedLate)
      .map(({ to, receivedAtMs }) => `While paused: ${to} was called at ${isoOf(receivedAtMs)}`),
  ];
}

export function checkPace({ rules: { callsPerSecond }, ledger, attempts }: Evidence): string[] {
  if (callsPerSecond === null) return [];
  const arrivalsMax = Math.ceil(callsPerSecond * (1 + ARRIVAL_TOLERANCE));
  const claims = mostInOneSecond(attempts.map((attempt) => attempt.dialingAtMs));
  const arrivals = mostInOneSecond(ledger.map((line) => line.receivedAtMs));
  return [
    ...(claims > callsPerSecond
      ? [`Too fast: ${claims} attempts were claimed within one second; ${callsPerSecond} are allowed`]
      : []),
    ...(arrivals > arrivalsMax
      ? [`Too fast: ${arrivals} requests reached the carrier within one second; ${callsPerSecond} are allowed`]
      : []),
  ];
}

export function checkLimit({ rules: { concurrencyLimit }, ledger }: Evidence): string[] {
  const calls = callsOf(ledger);
  const peak = mostAtOnce(calls);
  return [
    ...(peak > concurrencyLimit
      ? [`Over the limit: ${peak} calls were live at once; ${concurrencyLimit} are allowed`]
      : []),
    ...[...groupBy(calls, (call) => call.to)]
      .filter(([, same]) => mostAtOnce(same) > 1)
      .map(([to]) => `Two at once: ${to} was in two calls at the same time`),
  ];
}

/** Any span of one second that holds the most begins with one of the instants. */
export function mostInOneSecond(instantsMs: readonly number[]): number {
  const sorted = instantsMs.toSorted((a, b) => a - b);
  let most = 0;
  let first = 0;
  sorted.forEach((instantMs, index) => {
    while (instantMs - (sorted[first] ?? 0) >= SECOND_MS) first++;
    most = Math.max(most, index - first + 1);
  });
  return most;
}

export function mostAtOnce(calls: readonly Call[]): number {
  const changes = calls.flatMap((call) => [
    { atMs: call.receivedAtMs, by: 1 },
    { atMs: call.endedAtMs ?? Infinity, by: -1 },
  ]);
  // An end makes room for a start in the same millisecond.
  changes.sort((a, b) => a.atMs - b.atMs || a.by - b.by);
  let live = 0;
  let peak = 0;
  for (const { by } of changes) peak = Math.max(peak, (live += by));
  return peak;
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
