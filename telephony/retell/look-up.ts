import type { CallListParams } from 'retell-sdk/resources/call.js';
import { createTurns, type Turns } from '../../platform/turns.js';
import { parseJson } from '../parse-json.js';
import { foundCalls } from '../found-calls.js';
import type { LookUpAnswer, PageAnswer } from '../provider.js';
import { factsOfCall, hasEnded } from './read-facts.js';
import { sendBySdk, type RetellAccess } from './send-by-sdk.js';
import { callListSchema, callObjectSchema, REFERENCE_KEY, referenceOf, type RetellCall } from './wire.js';

/** One call carries a reference. If there are more, these are told. */
const CALLS_MAX = 10;
/** Ended calls of an account that are asked for by themselves at the same time: the provider bounds how often it is asked. */
const IN_FULL_AT_ONCE = 10;

/** Questions about calls of one account, which share the bound of IN_FULL_AT_ONCE. */
export function createLookUps(access: RetellAccess) {
  const asker: Asker = { access, inTurn: createTurns(IN_FULL_AT_ONCE) };
  return {
    /**
     * Asks for the calls that carry a reference. Absent is believed only from an answer that is a list, whole and empty: a
     * wrong one would let the number be dialled again. The list leaves out transcripts, so an ended call is asked for by
     * itself.
     */
    async lookUp(reference: string, timeoutMs: number): Promise<LookUpAnswer> {
      const filter: MetadataFilter = { key: REFERENCE_KEY, type: 'string', op: 'eq', value: reference };
      const answer = await listCalls(asker, { references: [reference], filter, timeoutMs });
      if (answer.is === 'no-answer') return answer;
      const [first] = answer.calls;
      if (first) return { is: 'found', callId: first.call_id, facts: answer.calls.flatMap(factsNow()) };
      return answer.isWhole ? { is: 'absent' } : { is: 'no-answer', why: 'answered a list without its calls' };
    },

    /** The calls that carry one of the references, by one list. */
    async lookUpPage(references: readonly string[], timeoutMs: number): Promise<PageAnswer> {
      const filter: MetadataFilter = { key: REFERENCE_KEY, type: 'enum', op: 'in', value: [...references] };
      const answer = await listCalls(asker, { references, filter, timeoutMs });
      if (answer.is === 'no-answer') return answer;
      const factsOf = factsNow();
      const told = answer.calls.map((call) => ({
        reference: referenceOf(call) ?? '',
        callId: call.call_id,
        facts: factsOf(call),
      }));
      return { is: 'listed', found: foundCalls(told) };
    },
  };
}

/** An account, and the turns in which its ended calls are asked for. */
type Asker = { access: RetellAccess; inTurn: Turns };
type MetadataFilter = NonNullable<NonNullable<CallListParams['filter_criteria']>['metadata']>[number];
type Listing = { references: readonly string[]; filter: MetadataFilter; timeoutMs: number };
type Listed = { is: 'listed'; calls: RetellCall[]; isWhole: boolean } | { is: 'no-answer'; why: string };

async function listCalls({ access, inTurn }: Asker, { references, filter, timeoutMs }: Listing): Promise<Listed> {
  const deadlineMs = performance.now() + timeoutMs;
  const answer = await sendBySdk(access, { requestTimeoutMs: timeoutMs }, (client) =>
    client.call.list({ filter_criteria: { metadata: [filter] }, limit: references.length - 1 + CALLS_MAX }),
  );
  if (answer.is !== 'answered') return { is: 'no-answer', why: answer.why };
  if (answer.status !== 200) return { is: 'no-answer', why: `answered ${answer.status}` };
  const list = callListSchema.safeParse(parseJson(answer.body));
  if (!list.success) return { is: 'no-answer', why: 'answered something that is not a list of calls' };
  const { items, has_more: hasMore } = list.data;
  if (items.some((call) => !references.includes(referenceOf(call) ?? '')))
    return { is: 'no-answer', why: 'answered with calls of another reference' };
  const calls = items.map(async (call) => (hasEnded(call) ? inTurn(() => inFull(access, call, deadlineMs)) : call));
  return { is: 'listed', calls: await Promise.all(calls), isWhole: !hasMore };
}

function factsNow() {
  const nowMs = Date.now();
  return (call: RetellCall) => factsOfCall(call, nowMs);
}

/** The call with its transcript; as it was listed, when it cannot be had. */
async function inFull(access: RetellAccess, call: RetellCall, deadlineMs: number): Promise<RetellCall> {
  const requestTimeoutMs = Math.ceil(deadlineMs - performance.now());
  if (requestTimeoutMs <= 0) return call;
  const answer = await sendBySdk(access, { requestTimeoutMs }, (client) => client.call.retrieve(call.call_id));
  if (answer.is !== 'answered' || answer.status !== 200) return call;
  const read = callObjectSchema.safeParse(parseJson(answer.body));
  const isSame = read.success && read.data.call_id === call.call_id && referenceOf(read.data) === referenceOf(call);
  return isSame && hasEnded(read.data) ? read.data : call;
}
