import {
  claimKey,
  forgetKey,
  releaseKey,
  storeAnswer,
  touchKey,
  type KeyedRequest,
} from '../../store/people/idempotency-keys.js';
import type { Database } from '../../store/database.js';
import { ApiError } from './errors.js';
import { ERRORS } from './error-table.js';
import type { Answer } from './operation.js';
import { toApiError, toProblem } from './problem.js';

const KEY = /^[\x21-\x7e]{1,255}$/;
const RETRY_AFTER_S = 1;
const TOUCH_EVERY_MS = 15_000;

/** The Idempotency-Key of a request. @throws ApiError when it is no such key. */
export function readIdempotencyKey(header: string | undefined): string | null {
  if (header === undefined) return null;
  if (KEY.test(header)) return header;
  const message = 'an Idempotency-Key has 1 to 255 visible ASCII characters';
  throw new ApiError('validation_failed', 'The Idempotency-Key is not valid.', {
    errors: [{ field: 'Idempotency-Key', code: 'invalid', message }],
  });
}

/**
 * Answers a request with an Idempotency-Key once: the answer is stored, refusals included, and given again to whoever
 * repeats the request. An answer that says we failed, or that the request may be repeated, is not stored.
 * Of the answer `toKeep` is what is stored. `useId` names this use of the key for what the handler makes safe to repeat. What the handler commits must be safe to repeat, since
 * a process may die between the commit and the storing of the answer.
 */
export async function answerOnce(
  db: Database,
  { toKeep, ...request }: KeyedRequest & { requestId: string; toKeep: (body: unknown) => unknown },
  answer: (useId: string) => Promise<Answer>,
): Promise<Answer> {
  const { workspaceId, key } = request;
  const claim = await claimKey(db.pool, request);
  if (claim.is === 'reused') {
    throw new ApiError(
      'idempotency_key_reused',
      'This Idempotency-Key was used for a different request. Take a new key for a new request.',
    );
  }
  if (claim.is === 'in-progress') {
    const message = 'The first request with this Idempotency-Key is still being answered. Wait, then send it again.';
    throw new ApiError('request_in_progress', message, { headers: { 'Retry-After': String(RETRY_AFTER_S) } });
  }
  if (claim.is === 'answered') return replay(claim.status, claim.response);
  const touch = setInterval(() => void touchKey(db.pool, workspaceId, key).catch(() => {}), TOUCH_EVERY_MS);
  try {
    const given = await answer(claim.useId).catch((err: unknown) => refusal(err, request.requestId));
    await storeAnswer(db.pool, workspaceId, key, { status: given.status, response: toKeep(given.body ?? null) });
    return given;
  } catch (err) {
    const giveBack = isForbidden(err) ? forgetKey : releaseKey;
    await giveBack(db.pool, workspaceId, key).catch(() => {});
    throw err;
  } finally {
    clearInterval(touch);
  }
}

function replay(status: number, response: unknown): Answer {
  return { status, ...(response !== null && { body: response }), headers: { 'Idempotency-Replayed': 'true' } };
}

/** A refusal is an answer, and stored, unless the same request may succeed later; whatever else was thrown is passed on. */
function refusal(thrown: unknown, requestId: string): Answer {
  const err = toApiError(thrown);
  if (err.status >= 500 || ERRORS[err.code].retryable || isForbidden(err)) throw thrown;
  return { status: err.status, body: toProblem(err, requestId), headers: err.headers };
}

/** A refusal for the role answers this caller only: somebody else may send the same with the same key. */
function isForbidden(err: unknown): boolean {
  return err instanceof ApiError && err.code === 'forbidden';
}
