import { z } from 'zod';
import { withoutEndSlash } from '../../platform/without-end-slash.js';
import { credentialText } from '../credential-text.js';
import { parseJson } from '../parse-json.js';
import type { CallFact } from '../../domain/calls/call-fact.js';
import type {
  ReferencedCall,
  ListAnswer,
  PlaceCallAnswer,
  ProviderAccess,
  ProviderAdapter,
  ProviderAgent,
  ProviderKind,
  ProviderNumber,
  RefusalReason,
  WebhookVerdict,
} from '../provider.js';
import { foundCalls } from '../found-calls.js';
import { readTestAnswer } from '../read-test-answer.js';
import { retryAfterMsOf } from '../retry-after.js';
import type { SendAnswer, Sender } from '../send-request.js';
import { describeRefusal } from '../describe-refusal.js';
import { signatureProblem } from '../signature-problem.js';
import { analyzedFact, endedFact, factsOfCall, startedFact } from './read-facts.js';
import { readResult } from './read-result.js';
import {
  agentListSchema,
  callCreatedSchema,
  callListSchema,
  numberListSchema,
  refusalSchema,
  SIGNATURE_HEADER,
  webhookSchema,
  type CallObject,
  type CarrierEvent,
} from './wire.js';

/** The answers that prove that there is no call. Every other one leaves it open. */
const REFUSALS = {
  400: 'invalid-request',
  401: 'permission',
  402: 'payment',
  403: 'permission',
  404: 'agent',
  422: 'invalid-number',
  429: 'capacity',
} as const satisfies Record<number, RefusalReason>;

const FACT_OF_EVENT: Record<CarrierEvent, (call: CallObject) => CallFact | null> = {
  call_started: startedFact,
  call_ended: endedFact,
  call_analyzed: analyzedFact,
};

const credentials = z.strictObject({
  apiKey: credentialText({ title: 'API key', description: 'Calls are placed with it' }),
  webhookSecret: credentialText({
    title: 'Webhook secret',
    description: 'What the carrier signs its events with, when it is not the API key',
  }).optional(),
});

/** The simulated carrier as a provider: lists every call it ever accepted, by reference. */
export const simulator: ProviderKind<typeof credentials> = {
  kind: 'simulator',
  title: 'Simulated carrier',
  defaultBaseUrl: null,
  isSimulated: true,
  credentials,
  identifiedBy: ['apiKey'],
  traits: { lookUp: 'history', settleDelayMs: 30_000, ringLeadMs: 2_000, findsPages: true, dialsAnyNumber: true },
  readResult,
  create: createSimulatorProvider,
};

function createSimulatorProvider(
  { baseUrl, credentials: { apiKey, webhookSecret = apiKey } }: ProviderAccess<z.output<typeof credentials>>,
  send: Sender['send'],
): ProviderAdapter {
  const apiUrl = `${withoutEndSlash(baseUrl)}/v1`;
  const headers = {
    authorization: `Bearer ${apiKey}`,
    'content-type': 'application/json',
    accept: 'application/json',
  };
  const ask = (method: 'GET' | 'POST', path: string, requestTimeoutMs: number): Promise<SendAnswer> =>
    send({ method, url: `${apiUrl}${path}`, headers, body: null, limits: { requestTimeoutMs } });
  return {
    async placeCall(request, limits) {
      const answer = await send({
        method: 'POST',
        url: `${apiUrl}/calls`,
        headers,
        body: createCallBody(request),
        limits,
      });
      if (answer.is === 'not-sent') return answer;
      if (answer.is === 'lost') return { is: 'unknown', why: answer.why };
      return readPlaceCallAnswer(answer.status, answer.body, answer.headers['retry-after']);
    },

    async lookUp(reference, timeoutMs) {
      const answer = await ask('GET', `/calls?reference=${encodeURIComponent(reference)}`, timeoutMs);
      const read = readCalls([reference], answer);
      if (read.is === 'no-answer') return read;
      const [first] = read.calls;
      return first ? { is: 'found', callId: first.call_id, facts: read.calls.flatMap(factsOfCall) } : { is: 'absent' };
    },

    async lookUpPage(references, timeoutMs) {
      const query = references.map((reference) => `reference=${encodeURIComponent(reference)}`).join('&');
      const read = readCalls(references, await ask('GET', `/calls?${query}`, timeoutMs));
      if (read.is === 'no-answer') return read;
      const told = read.calls.map((call) => ({
        reference: call.reference ?? '',
        callId: call.call_id,
        facts: factsOfCall(call),
      }));
      return { is: 'listed', found: foundCalls(told) };
    },

    async hangUp(callId, timeoutMs) {
      const answer = await ask('POST', `/calls/${encodeURIComponent(callId)}/hangup`, timeoutMs);
      if (answer.is !== 'answered') return { is: 'no-answer', why: answer.why };
      if (answer.status === 204) return { is: 'hung-up' };
      return answer.status === 404 ? { is: 'gone' } : { is: 'no-answer', why: `answered ${answer.status}` };
    },

    async test(timeoutMs) {
      return readTestAnswer(await ask('GET', '/agents', timeoutMs));
    },

    async listAgents(timeoutMs) {
      return readAgents(await ask('GET', '/agents', timeoutMs));
    },

    async listNumbers(timeoutMs) {
      return readNumbers(await ask('GET', '/numbers', timeoutMs));
    },

    readWebhook({ rawBody, headers: sent, receivedAtMs: nowMs }) {
      const problem = signatureProblem(rawBody, sent[SIGNATURE_HEADER], { secret: webhookSecret, nowMs });
      return problem === null ? readEvent(rawBody) : { is: 'forged', why: problem };
    },
  };
}

function createCallBody(request: ReferencedCall): string {
  return JSON.stringify({
    reference: request.reference,
    from: request.from,
    to: request.to,
    agent_id: request.agentId,
    agent_version: request.agentVersion,
    variables: request.variables,
    metadata: request.metadata,
    sip_headers: request.sipHeaders,
    skip_phone_check: request.skipPhoneCheck,
    ring_limit_ms: request.ringLimitMs,
    call_length_max_ms: request.callLengthMaxMs,
  });
}

function readPlaceCallAnswer(status: number, body: string, retryAfter: string | undefined): PlaceCallAnswer {
  if (status >= 200 && status < 300) {
    const created = callCreatedSchema.safeParse(parseJson(body));
    return created.success
      ? { is: 'accepted', callId: created.data.call_id }
      : { is: 'unknown', why: `answered ${status} without a call id` };
  }
  if (!isRefusal(status)) return { is: 'unknown', why: `answered ${status}` };
  return {
    is: 'refused',
    reason: REFUSALS[status],
    raw: describeRefusal(status, refusalSchema.safeParse(parseJson(body)).data?.error),
    retryAfterMs: retryAfterMsOf(retryAfter, Date.now()),
  };
}

function isRefusal(status: number): status is keyof typeof REFUSALS {
  return Object.hasOwn(REFUSALS, status);
}

/** Absent is believed only from an answer that is a list and empty: a wrong one would let the number be dialled again. */
function readCalls(
  references: readonly string[],
  answer: SendAnswer,
): { is: 'read'; calls: CallObject[] } | { is: 'no-answer'; why: string } {
  const read = readList(answer, callListSchema);
  if (read.is === 'no-answer') return read;
  const { calls } = read.list;
  return calls.every((call) => references.includes(call.reference ?? ''))
    ? { is: 'read', calls }
    : { is: 'no-answer', why: 'answered with calls of another reference' };
}

function readAgents(answer: SendAnswer): ListAnswer<ProviderAgent> {
  const read = readList(answer, agentListSchema);
  if (read.is === 'no-answer') return read;
  return {
    is: 'listed',
    items: read.list.agents.map(({ agent_id: providerAgentId, name }) => ({ providerAgentId, name })),
  };
}

function readNumbers(answer: SendAnswer): ListAnswer<ProviderNumber> {
  const read = readList(answer, numberListSchema);
  if (read.is === 'no-answer') return read;
  return {
    is: 'listed',
    items: read.list.numbers.map(({ phone, label = null, outbound_agent_id: outboundAgentId = null }) => ({
      phone,
      label,
      outboundAgentId,
    })),
  };
}

function readList<T>(
  answer: SendAnswer,
  schema: z.ZodType<T>,
): { is: 'read'; list: T } | { is: 'no-answer'; why: string } {
  if (answer.is !== 'answered') return { is: 'no-answer', why: answer.why };
  if (answer.status !== 200) return { is: 'no-answer', why: `answered ${answer.status}` };
  const read = schema.safeParse(parseJson(answer.body));
  return read.success
    ? { is: 'read', list: read.data }
    : { is: 'no-answer', why: 'answered something else than a list' };
}

/** An event that we have no use for is no mistake: it makes no facts. */
function readEvent(rawBody: Buffer): WebhookVerdict {
  const read = webhookSchema.safeParse(parseJson(rawBody.toString('utf8')));
  if (!read.success) return { is: 'malformed', why: 'not an event of a call' };
  const { event, call } = read.data;
  if (!isKnownEvent(event)) return { is: 'facts', facts: [] };
  const fact = FACT_OF_EVENT[event](call);
  return fact
    ? { is: 'facts', facts: [fact] }
    : { is: 'malformed', why: `${event} of a call to which it did not happen` };
}

function isKnownEvent(event: string): event is CarrierEvent {
  return Object.hasOwn(FACT_OF_EVENT, event);
}
