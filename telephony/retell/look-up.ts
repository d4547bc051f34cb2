import { parseJson } from '../parse-json.js';
import type { LookUpAnswer } from '../provider.js';
import { factsOfCall, hasEnded } from './read-facts.js';
import { sendBySdk, type RetellAccess } from './send-by-sdk.js';
import { callListSchema, callObjectSchema, REFERENCE_KEY, referenceOf, type RetellCall } from './wire.js';

/** One call carries a reference. If there are more, these are told. */
const CALLS_MAX = 10;

/**
 * Asks for the calls that carry a reference. Absent is believed only from an answer that is a list, whole and empty: a
 * wrong one would let the number be dialled again. The list leaves out transcripts, so an ended call is asked for by itself.
 */
export async function lookUp(access: RetellAccess, reference: string, timeoutMs: number): Promise<LookUpAnswer> {
  const deadlineMs = performance.now() + timeoutMs;
  const answer = await sendBySdk(access, { requestTimeoutMs: timeoutMs }, (client) =>
    client.call.list({
      filter_criteria: { metadata: [{ key: REFERENCE_KEY, type: 'string', op: 'eq', value: reference }] },
      limit: CALLS_MAX,
    }),
  );
  if (answer.is !== 'answered') return { is: 'no-answer', why: answer.why };
  if (answer.status !== 200) return { is: 'no-answer', why: `answered ${answer.status}` };
  const list = callListSchema.safeParse(parseJson(answer.body));
  if (!list.success) return { is: 'no-answer', why: 'answered something that is not a list of calls' };
  const { items, has_more: hasMore } = list.data;
  if (items.some((call) => referenceOf(call) !== reference))
    return { is: 'no-answer', why: 'answered with calls of another reference' };
  const [first] = items;
  if (!first) return hasMore ? { is: 'no-answer', why: 'answered a list without its calls' } : { is: 'absent' };
  const calls = await Promise.all(
    items.map(async (call) => (hasEnded(call) ? inFull(access, call, deadlineMs) : call)),
  );
  const nowMs = Date.now();
  return { is: 'found', callId: first.call_id, facts: calls.flatMap((call) => factsOfCall(call, nowMs)) };
}

/** The call with its transcript; as it was listed, when it cannot be had. */
async function inFull(access: RetellAccess, call: RetellCall, deadlineMs: number): Promise<RetellCall> {
  const requestTimeoutMs = Math.max(1, Math.ceil(deadlineMs - performance.now()));
  const answer = await sendBySdk(access, { requestTimeoutMs }, (client) => client.call.retrieve(call.call_id));
  if (answer.is !== 'answered' || answer.status !== 200) return call;
  const read = callObjectSchema.safeParse(parseJson(answer.body));
  const isSame = read.success && read.data.call_id === call.call_id && referenceOf(read.data) === referenceOf(call);
  return isSame && hasEnded(read.data) ? read.data : call;
}
