import { randomUUID } from 'node:crypto';
import { sleep } from '../../../dev/processes.js';
import type { Answered } from './story.js';

/** What a request was answered. A refusal is an answer. */
export type Answer = Answered & { body: Record<string, unknown> };
/**
 * Asks the API until it answers. The body of a POST has an Idempotency-Key, so that a repeat is the same request.
 * `mayRepeat`: until when a request that got no answer is sent again. @throws NotAnsweredError when there is none by then.
 */
export type Ask = (method: string, path: string, body?: unknown, mayRepeat?: () => boolean) => Promise<Answer>;

/** Nobody knows what became of the request. */
export class NotAnsweredError extends Error {
  override readonly name = 'NotAnsweredError';
}

const TRY_TIMEOUT_MS = 30_000;
const REPEAT_EVERY_MS = 200;
/** A key whose process died is free again after 60 s, and a part that was killed is back long before. */
const REPEAT_MAX_MS = 180_000;
const IN_PROGRESS = 'request_in_progress';

export function createAsk(apiUrl: string, apiKey: string): Ask {
  return async (method, path, body, mayRepeat = () => true) => {
    const askedMs = Date.now();
    const headers = {
      Authorization: `Bearer ${apiKey}`,
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(method === 'POST' && { 'Idempotency-Key': `chaos-${randomUUID()}` }),
    };
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
    for (;;) {
      const answer = await tryOnce(`${apiUrl}${path}`, init);
      if (typeof answer !== 'string') return { ...answer, askedMs, answeredMs: Date.now() };
      if (!mayRepeat() || Date.now() - askedMs > REPEAT_MAX_MS)
        throw new NotAnsweredError(`${method} ${path} was not answered: ${answer}`);
      await sleep(REPEAT_EVERY_MS);
    }
  };
}

/** @returns why there is no answer, or none that says what became of the request */
async function tryOnce(url: string, init: RequestInit): Promise<Pick<Answer, 'status' | 'code' | 'body'> | string> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(TRY_TIMEOUT_MS) });
    const body = (await response.json()) as Record<string, unknown>; // the API answers with objects only
    const { status } = response;
    const code = response.ok ? null : String(body['code']);
    return status >= 500 || status === 429 || code === IN_PROGRESS ? `${status} ${code}` : { status, code, body };
  } catch (err) {
    return String(err);
  }
}

export function isTaken({ status }: Answered): boolean {
  return status >= 200 && status < 300;
}

/** Sends both at the same time; the second so much later, the first when it is below zero. */
export async function atOnce<A, B>(
  offsetMs: number,
  first: () => Promise<A>,
  second: () => Promise<B>,
): Promise<[A, B]> {
  const after = async <T>(delayMs: number, send: () => Promise<T>): Promise<T> => {
    if (delayMs > 0) await sleep(delayMs);
    return send();
  };
  return Promise.all([after(-offsetMs, first), after(offsetMs, second)]);
}

/** Whether there was a time at which both had been asked and neither answered. */
export function areConcurrent(first: Answered, second: Answered): boolean {
  return first.askedMs <= second.answeredMs && second.askedMs <= first.answeredMs;
}
