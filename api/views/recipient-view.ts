import { nextAllowedMs } from '../../domain/hours/batch-hours.js';
import { publicId } from '../../domain/ids.js';
import { zonesOfNumber } from '../../domain/hours/number-zones.js';
import { UnknownTimeZoneError } from '../../domain/hours/openings.js';
import { NO_RESULT, type CallResult } from '../../domain/calls/call-result.js';
import { providerKind } from '../../telephony/registry.js';
import { shownError, shownStatus, waitingMeans, type RecipientStatus } from '../../domain/recipients/status.js';
import { BATCH_ZONE_SET } from '../../domain/hours/zone-sets.js';
import type { BatchRow } from '../../store/batches/read-batches.js';
import type { AttemptRow, RecipientRow } from '../../store/recipients/read-recipients.js';
import { describeWait, type Wait } from './wait-reasons.js';

export function toRecipientView(batch: BatchRow, row: RecipientRow) {
  const status = shownStatus(waitingMeans(batch), row);
  const isWaiting = status === 'PENDING' || status === 'QUEUED';
  return {
    id: publicId('recipient', row.id),
    batchId: publicId('batch', row.batchId),
    phoneNumber: row.phone,
    originalPhoneNumber: row.originalPhone,
    name: row.name,
    status,
    waitingFor: isWaiting ? endsFirst(batch, row, waitingFor(batch, row, status)) : null,
    attemptCount: row.calls,
    refusals: row.refusals,
    maxAttempts: batch.maxAttempts,
    nextRetryAt: (isWaiting && row.waitReason === 'RETRY' && row.dueAt?.toISOString()) || null,
    lastOutcome: row.lastOutcome,
    lastError: shownError(row),
    variables: row.variables,
    metadata: row.metadata,
    customSipHeaders: row.sipHeaders,
    ignoreE164Validation: row.skipPhoneCheck,
    overrideAgentId: row.overrideAgentId,
    overrideAgentVersion: row.overrideAgentVersion,
    zones: placeOf(batch, row),
    notBefore: row.notBefore?.toISOString() ?? null,
    notAfter: row.notAfter?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  };
}

function waitingFor(batch: BatchRow, row: RecipientRow, status: RecipientStatus): Wait {
  if (row.isRetrying) return describeWait('RETRY_OUTSTANDING', null, batch);
  if (row.isSuppressed) return describeWait('SUPPRESSED', null, batch);
  if (batch.neverOpenZones.includes(row.zoneSet)) return describeWait('NEVER_OPEN', null, batch);
  if (status === 'QUEUED' || waitingMeans(batch) === 'PENDING')
    return describeWait(batch.reason ?? batch.status, batch.untilAt, batch);
  const isClosed = !batch.openZones.includes(row.zoneSet) && batch.status === 'RUNNING';
  if (isClosed && (row.dueAt === null || (row.opensAt !== null && row.opensAt > row.dueAt)))
    return describeWait('OUTSIDE_HOURS', row.opensAt, batch);
  const isCustomers = row.notBefore !== null && row.dueAt !== null && row.notBefore.getTime() === row.dueAt.getTime();
  return describeWait(row.waitReason ?? (isCustomers ? 'NOT_BEFORE' : 'NOT_DUE'), firstTime(batch, row), batch);
}

/** When it is due and its zones are open, both: also beyond the openings that are written. */
function firstTime(batch: BatchRow, { zoneSet, dueAt, opensAt, isBeyondOpenings }: RecipientRow): Date | null {
  const { window, timeZone } = batch;
  if (dueAt === null || window === null || timeZone === null || !isBeyondOpenings) return dueAt && (opensAt ?? dueAt);
  try {
    const ms = nextAllowedMs(zoneSet, dueAt.getTime(), { ...batch, window, timeZone });
    return ms === null ? null : new Date(ms);
  } catch (err) {
    // Another process, with newer zone data, has taken the zone: nobody here can tell when it opens.
    if (err instanceof UnknownTimeZoneError) return null;
    throw err;
  }
}

/** Where the batch or the recipient's own time ends before a call may start, it waits for that. */
function endsFirst(batch: BatchRow, { notAfter }: RecipientRow, wait: Wait): Wait {
  const { until } = wait;
  if (until === null) return wait;
  const ends = [
    { reason: 'BATCH_ENDED', at: batch.endAt },
    { reason: 'EXPIRES', at: notAfter },
  ].flatMap(({ reason, at }) => (at && at <= new Date(until) ? [{ reason, at }] : []));
  const [first] = ends.sort((a, b) => a.at.getTime() - b.at.getTime());
  return first ? describeWait(first.reason, first.at, batch) : wait;
}

/** Where it is called, and how that is known: every one of the zones has to be open. */
function placeOf(batch: BatchRow, { zoneSet, phone, timeZone }: RecipientRow) {
  if (zoneSet === BATCH_ZONE_SET)
    return {
      names: batch.timeZone === null ? [] : [batch.timeZone],
      confidence: 'batch' as const,
      source: 'the time zone of the batch',
    };
  if (timeZone !== null)
    return { names: [timeZone], confidence: 'recipient' as const, source: 'the time zone of the recipient' };
  const { zones, confidence, source } = zonesOfNumber(phone);
  return { names: [...zones], confidence, source };
}

export function toAttemptView({
  id,
  providerKind: kind,
  dialingAt,
  acceptedAt,
  endedAt,
  hangUpAskedAt,
  events,
  ...attempt
}: AttemptRow) {
  const details = Object.assign({}, ...events.map((event) => event.details)) as Record<string, unknown>;
  const result = providerKind(kind)?.readResult(details) ?? NO_RESULT;
  return {
    id: publicId('attempt', id),
    ...attempt,
    dialingAt: dialingAt.toISOString(),
    acceptedAt: acceptedAt?.toISOString() ?? null,
    answeredAt: answeredAt({ ...attempt, endedAt, events }),
    endedAt: endedAt?.toISOString() ?? null,
    ...result,
    answeredBy: answeredBy(attempt.outcome, result),
    hangUpAskedAt: hangUpAskedAt?.toISOString() ?? null,
    events: events.map((event) => ({
      ...event,
      id: publicId('event', event.id),
      occurredAt: new Date(event.occurredAt).toISOString(),
      receivedAt: new Date(event.receivedAt).toISOString(),
    })),
  };
}

/** How a call ended decides: of one that nobody answered a provider may tell an analysis all the same. */
function answeredBy(outcome: string | null, told: CallResult): CallResult['answeredBy'] {
  if (outcome === 'VOICEMAIL') return 'machine';
  return outcome === null || outcome === 'ANSWERED' ? told.answeredBy : null;
}

/** As the provider told it; else, of a call that was answered, by how long it lasted. */
function answeredAt({
  outcome,
  events,
  endedAt,
  durationMs,
}: Pick<AttemptRow, 'outcome' | 'events' | 'endedAt' | 'durationMs'>): string | null {
  const started = events.find((event) => event.kind === 'STARTED');
  if (started) return new Date(started.occurredAt).toISOString();
  const wasAnswered = outcome === 'ANSWERED' || outcome === 'VOICEMAIL';
  return wasAnswered && endedAt && durationMs ? new Date(endedAt.getTime() - durationMs).toISOString() : null;
}
