import { areConcurrent, atOnce, isTaken, type Answer } from './ask.js';
import { OFFSET_MAX_MS, type RetryRound } from './plan-operations.js';
import {
  batchIdOf,
  createSideBatch,
  hold,
  readAttemptCounts,
  show,
  untilAttemptsEnded,
  untilStatus,
  waitFor,
  type Bench,
} from './side-batch.js';
import { sidePhone } from './side-numbers.js';
import type { Forbidden, Story } from './story.js';

const PAIR = 'retry with cancel';
const NOT_ALLOWED = 'action_not_allowed';
const FIRST_CALL_MAX_MS = 60_000;

/** A batch that is over is retried and cancelled at the same time; what GET shows is the truth. Then it is retried to its end. */
export async function retryAndCancel(bench: Bench, round: RetryRound): Promise<Story> {
  const { ask } = bench;
  const { retryPolicy, startsAs } = round;
  const phones = round.ends.map(sidePhone);
  // One call at a time, so that a cancel finds some who were never called.
  const settings = { submit: true, ...(startsAs === 'cancelled' && { limits: { concurrency: 1 } }) };
  const batchId = batchIdOf(await createSideBatch(bench, { pair: PAIR, phones, retryPolicy, settings }));
  const path = `/v1/batches/${batchId}`;
  const forbidden: Forbidden[] = [];
  /** While it is shown as CANCELLED, until the request that may bring it back. */
  const forbidUntilNow = (fromMs: number): void =>
    void forbidden.push({ fromMs, untilMs: Date.now(), why: 'it was CANCELLED' });

  const firstEnd = await endFirst(bench, batchId, startsAs);
  const killsBefore = bench.killsSoFar();
  if (firstEnd) forbidUntilNow(firstEnd.answeredMs);
  // A cancel that overtakes every retry forbids nothing: where retries take longer it comes later, but before the answer.
  const [retried, cancelled] = await atOnce(
    round.offsetMs * Math.max(1, bench.retryTookMs / 2 / OFFSET_MAX_MS),
    () => ask('POST', `${path}/retry`),
    () => ask('POST', `${path}/cancel`),
  );
  const { status } = await show(bench, batchId);
  if (status === 'CANCELLED') {
    await hold(round.holdMs);
    await untilAttemptsEnded(bench, batchId);
    forbidUntilNow(Math.max(retried.answeredMs, cancelled.answeredMs));
  } else {
    await untilStatus(bench, batchId, 'COMPLETED');
    await untilAttemptsEnded(bench, batchId);
  }
  const kills = bench.killsSoFar() - killsBefore;
  const last = await ask('POST', `${path}/retry`);
  if (isTaken(last)) {
    bench.retryTookMs = last.answeredMs - last.askedMs;
    await untilStatus(bench, batchId, 'COMPLETED');
  }
  const granted = [retried, last].filter(isTaken);
  return {
    ...{ pair: PAIR, batchId, phones, retryPolicy, forbidden, kills, keyChange: null },
    ended: `${startsAs}, retry ${wordOf(retried)}, cancel ${wordOf(cancelled)}: ${status === 'CANCELLED' ? 'CANCELLED' : 'went on'}`,
    isForbidden: status === 'CANCELLED',
    isConcurrent: areConcurrent(retried, cancelled),
    retriesGranted: granted.length,
    lastRetryMs: isTaken(last) ? last.askedMs : null,
    answers: [
      { request: 'retry', answered: retried, mayBeRefused: [NOT_ALLOWED, 'nothing_to_retry'] },
      { request: 'cancel', answered: cancelled, mayBeRefused: [NOT_ALLOWED] },
      { request: 'last retry', answered: last, mayBeRefused: ['nothing_to_retry'] },
    ],
  };
}

/** Lets it complete, or cancels it after its first call. @returns the answer to a cancel that was taken */
async function endFirst(bench: Bench, batchId: string, startsAs: RetryRound['startsAs']): Promise<Answer | null> {
  let cancelled: Answer | null = null;
  if (startsAs === 'cancelled') {
    const isCalled = async (): Promise<boolean> => (await readAttemptCounts(bench, batchId)).open > 0;
    await waitFor(isCalled, FIRST_CALL_MAX_MS);
    cancelled = await bench.ask('POST', `/v1/batches/${batchId}/cancel`);
  }
  const isCancelled = cancelled !== null && isTaken(cancelled);
  if (!isCancelled) await untilStatus(bench, batchId, 'COMPLETED');
  await untilAttemptsEnded(bench, batchId);
  return isCancelled ? cancelled : null;
}

function wordOf(answer: Answer): string {
  return isTaken(answer) ? 'taken' : 'refused';
}
