import type { BatchCounts } from '../../store/batches/count-batches.js';
import type { WaitingGroup } from '../../store/batches/explain-batch.js';
import type { BatchRow } from '../../store/batches/read-batches.js';
import { waitingMeans } from '../../domain/recipients/status.js';
import { describeWait } from './wait-reasons.js';

/** Every waiting recipient, once, under the gate that holds it back: its own time first, then what holds back the batch. */
export function toWhyView(batch: BatchRow, counts: BatchCounts, groups: readonly WaitingGroup[]) {
  const reason = batch.reason ?? batch.status;
  const waiting = waitingMeans(batch) === 'CANCELLED' ? 0 : (counts.states.WAITING ?? 0);
  const grouped = groups.reduce((sum, { recipients }) => sum + recipients, 0);
  const later = Math.min(Math.max(counts.waitingLater, grouped), waiting);
  const never = batch.neverOpenCount > 0 ? Math.min(batch.neverOpenCount, waiting - Math.min(grouped, waiting)) : 0;
  // They are counted among those whose zone is closed, unless every zone is.
  const neverLater = Math.min(never, later - Math.min(grouped, later));
  const retrying = Object.values(counts.retrying).reduce((sum, count) => sum + count, 0);
  const gates: WaitingGroup[] = [
    { reason, recipients: waiting - later - (never - neverLater), untilAt: batch.untilAt },
    { reason: 'NEVER_OPEN', recipients: never, untilAt: null },
    ...(waiting === 0 ? [] : merge(groups, later - grouped - neverLater)),
    { reason: 'RETRY_OUTSTANDING', recipients: retrying, untilAt: null },
  ];
  return {
    ...describeWait(reason, batch.untilAt, batch),
    blocked: gates
      .filter(({ recipients }) => recipients > 0)
      .sort((a, b) => b.recipients - a.recipients)
      .map(({ reason: gate, recipients, untilAt }) => {
        const { reason: _gate, ...wait } = describeWait(gate, untilAt, batch);
        return { gate, recipients, ...wait };
      }),
  };
}

/** Those beyond the ones that were read one by one wait for their time, whatever made it. */
function merge(groups: readonly WaitingGroup[], unread: number): WaitingGroup[] {
  if (unread <= 0) return [...groups];
  const notDue = groups.find(({ reason }) => reason === 'NOT_DUE');
  const rest = { reason: 'NOT_DUE', recipients: (notDue?.recipients ?? 0) + unread, untilAt: notDue?.untilAt ?? null };
  return [...groups.filter((group) => group !== notDue), rest];
}
