import { useQuery } from '@tanstack/react-query';
import { paceOf } from '../../../../domain/shown/pace.js';
import type { Pace } from '../../../../domain/shown/sentence.js';
import { answered, api, type Batch } from '../../api/client.js';

const AGAIN_MS = 15_000;
/** So that a whole quarter of an hour is seen, and what was live before it. */
const LOOKED_BACK_MS = 1_800_000;
const DAYS = 14;
/** What the API takes for the length of a call. */
const [CALL_MIN_MS, CALL_MAX_MS] = [1_000, 14_400_000];

/**
 * How fast the batch goes and when it is done at that pace, within its hours and limits; null: not known, or it makes no calls.
 * Read every 15 seconds while the page is visible.
 */
export function usePace(batch: Batch | undefined): Pace | null {
  const isRunning = batch?.status === 'RUNNING';
  const pace = useQuery({
    queryKey: ['batch', batch?.id, 'pace'],
    enabled: isRunning,
    refetchInterval: AGAIN_MS,
    queryFn: ({ signal }) => (batch ? readPace(batch, signal) : null),
  });
  return isRunning ? (pace.data ?? null) : null;
}

async function readPace(batch: Batch, signal: AbortSignal): Promise<Pace | null> {
  const path = { batchId: batch.id };
  const from = new Date(Date.now() - LOOKED_BACK_MS).toISOString();
  // The time of the server: the clock of who looks may be wrong.
  const [series, usage] = await Promise.all([
    answered(api.GET('/v1/batches/{batchId}/series', { params: { path, query: { from, bucket: 'quarter' } }, signal })),
    answered(api.GET('/v1/workspace/usage', { signal })),
  ]);
  const seen = paceOf({
    quarters: series.points,
    startedAt: batch.startedAt ?? batch.createdAt,
    nowMs: new Date(usage.at).getTime(),
  });
  if (!seen) return null;
  const foresee = (body: { callLengthMs?: number }) =>
    answered(api.POST('/v1/batches/{batchId}/preflight', { params: { path }, body: { days: DAYS, ...body }, signal }));
  const { assumed } = await foresee({});
  // So long is a call if all slots are used at the pace that was seen.
  const callLengthMs = Math.round((assumed.concurrency * 60_000) / seen.perMinute);
  const { expectedFinish, recipients } = await foresee({
    callLengthMs: Math.min(CALL_MAX_MS, Math.max(CALL_MIN_MS, callLengthMs)),
  });
  return {
    ...seen,
    slots: assumed.concurrency,
    // Of nobody who waits the end is not known from this: their calls are live already.
    finishAt: recipients > 0 ? expectedFinish : null,
    isFirstAttempts: batch.retryPolicy.maxAttempts > 1,
  };
}
