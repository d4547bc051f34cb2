import { describeRefusal } from '../describe-refusal.js';
import { parseJson } from '../parse-json.js';
import type { PlaceCallAnswer, RefusalReason } from '../provider.js';
import { retryAfterMsOf } from '../retry-after.js';
import type { SendAnswer } from '../send-request.js';
import { callCreatedSchema, documentedErrorSchema, errorBodySchema } from './wire.js';

/** The answers that prove that there is no call. Every other one leaves it open. 422: no such agent or from-number. */
const REFUSALS = {
  400: 'invalid-request',
  401: 'permission',
  402: 'payment',
  403: 'permission',
  404: 'agent',
  422: 'agent',
  429: 'capacity',
} as const satisfies Record<number, RefusalReason>;

/** What an answer to a create request says about the call. */
export function readPlaceCallAnswer(answer: SendAnswer): PlaceCallAnswer {
  if (answer.is === 'not-sent') return answer;
  if (answer.is === 'lost') return { is: 'unknown', why: answer.why };
  const { status, body, headers } = answer;
  if (status >= 200 && status < 300) {
    const created = callCreatedSchema.safeParse(parseJson(body));
    return created.success
      ? { is: 'accepted', callId: created.data.call_id }
      : { is: 'unknown', why: `answered ${status} without a call id` };
  }
  if (!isRefusal(status)) return { is: 'unknown', why: `answered ${status}` };
  return {
    is: 'refused',
    reason: reasonOf(status, body),
    raw: describeRefusal(status, documentedErrorSchema.safeParse(parseJson(body)).data?.message),
    retryAfterMs: retryAfterMsOf(headers['retry-after'], Date.now()),
  };
}

/** The message tells more than the status where one status stands for several things. */
function reasonOf(status: keyof typeof REFUSALS, body: string): RefusalReason {
  const read = errorBodySchema.safeParse(parseJson(body));
  const message = read.success ? read.data.message : '';
  if (/concurrency/i.test(message)) return 'capacity';
  const isAboutRequest = status === 400 || status === 422;
  return isAboutRequest && /to_number|destination/i.test(message) ? 'invalid-number' : REFUSALS[status];
}

function isRefusal(status: number): status is keyof typeof REFUSALS {
  return Object.hasOwn(REFUSALS, status);
}
