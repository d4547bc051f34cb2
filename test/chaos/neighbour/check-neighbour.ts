import { checkForged, checkNeverLost, checkNeverTwice } from '../check-evidence.js';
import { checkLimit } from '../check-instants.js';
import type { Evidence, Span } from '../evidence.js';
import { isBusy, isTaken, WANTED, type Deed, type NeighbourEvidence } from './deed.js';

/** A part that was killed is used again within this after it answered: connections are opened anew. */
const RECOVER_MS = 10_000;
const OWN_CHECKS = [checkNeverTwice, checkNeverLost, checkForged, checkLimit];

/**
 * What a workspace that misbehaves must get, and what its own calls are promised all the same. That the other workspace
 * does not notice is for the checks of that workspace.
 * @returns one sentence per broken promise; empty when all were kept.
 */
export function checkNeighbour(evidence: NeighbourEvidence): string[] {
  const own = evidenceOfOwn(evidence);
  const leaked = own.attempts.filter(({ slotHeld }) => slotHeld);
  return [
    ...OWN_CHECKS.flatMap((check) => check(own)),
    ...leaked.map(({ id }) => `Slot leaked: attempt ${id} still holds one`),
    ...evidence.deeds.flatMap((deed) => deedProblems(deed, evidence.kills)),
    ...(evidence.foreignEventsKept > 0
      ? [`Foreign evidence: ${evidence.foreignEventsKept} events count for attempts of another account`]
      : []),
  ].map((problem) => `Neighbour: ${problem}`);
}

function deedProblems(deed: Deed, kills: readonly Span[]): string[] {
  const { kind, what, status, code, askedMs } = deed;
  const wanted = WANTED[kind];
  const told = `${kind} (${what}) at ${new Date(askedMs).toISOString()} was answered ${status} ${code ?? ''}`.trimEnd();
  if (wanted === 'nothing') return [];
  if (wanted === 'refused' && isTaken(deed)) return [`Taken: ${told}`];
  if (isBusy(deed)) return [];
  if (status === null || status >= 500)
    return wasUnderKill(deed, kills) ? [] : [`Not answered while all parts were up: ${told}`];
  return wanted === 'taken' && !isTaken(deed) ? [`Refused: ${told}`] : [];
}

/** A part was down at some time between the request and its answer, or had just come back. */
export function wasUnderKill({ askedMs, answeredMs }: Deed, kills: readonly Span[]): boolean {
  return kills.some(({ fromMs, untilMs }) => askedMs <= untilMs + RECOVER_MS && answeredMs >= fromMs);
}

function evidenceOfOwn({ phones, concurrencyLimit, batches, ledger }: NeighbourEvidence): Evidence {
  const unfinished = batches.find(({ status }) => status !== 'COMPLETED');
  return {
    rules: { phones, concurrencyLimit, callsPerSecond: null, retries: {}, closings: [], pauses: [] },
    batchStatus: unfinished?.status ?? 'COMPLETED',
    ledger,
    recipients: batches.flatMap(({ recipients }) => recipients),
    attempts: batches.flatMap(({ attempts }) => attempts),
  };
}
