import { plainSettingsOf } from '../../domain/batches/settings.js';
import { missingFields } from '../../domain/batches/missing-fields.js';
import { actionStates } from '../../domain/batches/action-states.js';
import { isTerminal, RESTORABLE_DAYS } from '../../domain/batches/status.js';
import { toCircuitBreakers } from '../../domain/batches/circuit-breakers.js';
import { publicId } from '../../domain/ids.js';
import {
  RECIPIENT_STATUSES,
  waitingMeans,
  type RecipientState,
  type RecipientStatus,
} from '../../domain/recipients/status.js';
import { inOrderOfDays } from '../../domain/hours/window.js';
import { toRetryPolicy } from '../../domain/batches/retry-policy.js';
import { toSuccessCriterion } from '../../domain/batches/success-criterion.js';
import type { CountedBatch } from '../../store/batches/batch-counts.js';
import type { BatchRow, DeletedBatch } from '../../store/batches/read-batches.js';
import { warningsOf } from './batch-warnings.js';
import { describeWait } from './wait-reasons.js';

const CALLING_REASONS = ['READY'];

export function toBatchView(batch: BatchRow, counts: CountedBatch) {
  const { unansweredSince } = batch;
  const counters = toCounters(batch, counts);
  return {
    id: publicId('batch', batch.id),
    kind: batch.kind === 'TEST' ? ('test' as const) : ('batch' as const),
    name: batch.name,
    status: batch.status,
    statusReason: batch.statusReason,
    statusChange: statusChangeOf(batch),
    version: batch.version,
    fromNumber: fromNumberOf(batch),
    agent: agentOf(batch),
    timeZone: batch.timeZone,
    startAt: batch.startAt?.toISOString() ?? null,
    startLocal: batch.startLocal,
    endAt: batch.endAt?.toISOString() ?? null,
    endLocal: batch.endLocal,
    window: batch.window && inOrderOfDays(batch.window),
    ...plainSettingsOf(batch),
    purpose: batch.purpose,
    lawfulOverride: batch.lawfulOverride,
    limits: {
      concurrency: batch.concurrencyLimit,
      reservedConcurrency: batch.reservedConcurrency,
      callsPerSecond: batch.callsPerSecond,
    },
    retryPolicy: toRetryPolicy(batch),
    successCriterion: toSuccessCriterion(batch.successCriterion),
    circuitBreakers: toCircuitBreakers(batch.breakers),
    allowedActions: actionStates({
      ...batch,
      missing: missingFields(batch, counters.recipients.total > 0 || batch.hasRowsOutstanding),
      recipients: counters.recipients,
    }),
    zonesOutstanding: batch.zonesOutstanding,
    counters,
    why:
      isTerminal(batch.status) || batch.reason === null || CALLING_REASONS.includes(batch.reason)
        ? null
        : describeWait(batch.reason, batch.untilAt, batch),
    workflowProblem: unansweredSince && {
      since: unansweredSince.toISOString(),
      message:
        'The workflow run of the batch does not answer: calls could be made and nobody makes them. Check that a worker is running.',
    },
    warnings: warningsOf(batch),
    createdAt: batch.createdAt.toISOString(),
    submittedAt: batch.submittedAt?.toISOString() ?? null,
    startedAt: batch.startedAt?.toISOString() ?? null,
    finishedAt: batch.finishedAt?.toISOString() ?? null,
  };
}

function statusChangeOf({ statusChangedAt, statusChangedBy: by }: BatchRow) {
  if (statusChangedAt === null || by === null) return null;
  const who = typeof by === 'string' ? { actor: by, actorName: null } : { actor: by.id, actorName: by.name };
  return { at: statusChangedAt.toISOString(), ...who };
}

function fromNumberOf({ fromNumberId, fromNumberPhone }: BatchRow) {
  if (fromNumberId === null || fromNumberPhone === null) return null;
  return { id: publicId('phoneNumber', fromNumberId), phoneNumber: fromNumberPhone };
}

function agentOf({ agentId, agentName }: BatchRow) {
  return agentId === null || agentName === null ? null : { id: publicId('agent', agentId), name: agentName };
}

const DAY_MS = 86_400_000;

/** What the answer to a delete says. */
export function toDeletedBatchView(id: string, { status, deletedAt, wasCancelled }: DeletedBatch) {
  return {
    id: publicId('batch', id),
    restoresAs: status,
    wasCancelled,
    deletedAt: deletedAt.toISOString(),
    restorableUntil: new Date(deletedAt.getTime() + RESTORABLE_DAYS * DAY_MS).toISOString(),
  };
}

/** Recipients by the status that is shown: what is stored, seen from the batch. */
export function toCounters(batch: BatchRow, counts: CountedBatch) {
  const recipients = Object.fromEntries(RECIPIENT_STATUSES.map((status) => [status, 0])) as Record<
    RecipientStatus,
    number
  >;
  const means = waitingMeans(batch);
  let total = 0;
  for (const [state, count] of Object.entries(counts.states) as [RecipientState, number][]) {
    total += count;
    const retrying = counts.retrying[state] ?? 0;
    recipients.PENDING += retrying;
    if (state !== 'WAITING') recipients[state] += count - retrying;
    else if (means === 'CANCELLED') recipients.CANCELLED += count;
    else {
      const queued = means === 'PENDING' ? 0 : Math.max(count - counts.waitingLater, 0);
      recipients.QUEUED += queued;
      recipients.PENDING += count - queued;
    }
  }
  return { countedAt: counts.countedAt.toISOString(), recipients: { total, ...recipients }, attempts: counts.attempts };
}
