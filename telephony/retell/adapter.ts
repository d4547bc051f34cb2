import { z } from 'zod';
import { credentialText } from '../credential-text.js';
import { parseJson } from '../parse-json.js';
import type { ProviderAccess, ProviderAdapter, ProviderKind, WebhookVerdict } from '../provider.js';
import { readTestAnswer } from '../read-test-answer.js';
import { signatureProblem } from '../signature-problem.js';
import { createCallParams } from './create-call-params.js';
import { listAgents, listNumbers } from './list-resources.js';
import { createLookUps } from './look-up.js';
import { readPlaceCallAnswer } from './read-answer.js';
import { FACT_OF_EVENT } from './read-facts.js';
import { readResult } from './read-result.js';
import type { Sender } from '../send-request.js';
import { sendBySdk } from './send-by-sdk.js';
import { callObjectSchema, eventSchema, referenceOf, SIGNATURE_HEADER, type RetellEvent } from './wire.js';

/** Stopping a call that Retell does not know, or no longer. */
const GONE_STATUSES = [404, 422];

const credentials = z.strictObject({
  apiKey: credentialText({ title: 'API key', description: 'Calls are placed with it, and it signs events' }),
  webhookSecret: credentialText({
    title: 'Webhook key',
    description: 'The API key that signs events, when it is another one than the API key',
  }).optional(),
});
type Credentials = z.output<typeof credentials>;

/** Retell, over its official SDK. Lists every call that it ever accepted, by the reference in the call's metadata. */
export const retell: ProviderKind<typeof credentials> = {
  kind: 'retell',
  title: 'Retell AI',
  defaultBaseUrl: 'https://api.retellai.com',
  isSimulated: false,
  credentials,
  identifiedBy: ['apiKey'],
  traits: { lookUp: 'history', settleDelayMs: 30_000, ringLeadMs: 2_000, findsPages: true, dialsAnyNumber: true },
  readResult,
  create: createRetellProvider,
};

function createRetellProvider(account: ProviderAccess<Credentials>, send: Sender['send']): ProviderAdapter {
  const access = { account, send };
  return {
    async placeCall(request, limits) {
      const params = createCallParams(request);
      return readPlaceCallAnswer(await sendBySdk(access, limits, (client) => client.call.createPhoneCall(params)));
    },

    ...createLookUps(access),

    async hangUp(callId, timeoutMs) {
      const limits = { requestTimeoutMs: timeoutMs };
      const answer = await sendBySdk(access, limits, (client) => client.call.stop(callId));
      if (answer.is !== 'answered') return { is: 'no-answer', why: answer.why };
      if (answer.status >= 200 && answer.status < 300) return { is: 'hung-up' };
      return GONE_STATUSES.includes(answer.status)
        ? { is: 'gone' }
        : { is: 'no-answer', why: `answered ${answer.status}` };
    },

    async test(timeoutMs) {
      const limits = { requestTimeoutMs: timeoutMs };
      return readTestAnswer(await sendBySdk(access, limits, (client) => client.concurrency.retrieve()));
    },

    listAgents: (timeoutMs) => listAgents(access, timeoutMs),
    listNumbers: (timeoutMs) => listNumbers(access, timeoutMs),

    readWebhook({ rawBody, headers, receivedAtMs: nowMs }) {
      const problem = problemOfSignature(account.credentials, rawBody, { header: headers[SIGNATURE_HEADER], nowMs });
      return problem === null ? readEvent(rawBody, nowMs) : { is: 'forged', why: problem };
    },
  };
}

/** Retell signs with the API key that its dashboard marks for webhooks: the account's own, or the one kept beside it. */
function problemOfSignature(
  { apiKey, webhookSecret }: Credentials,
  rawBody: Buffer,
  { header, nowMs }: { header: string | string[] | undefined; nowMs: number },
): string | null {
  const problem = signatureProblem(rawBody, header, { secret: apiKey, nowMs });
  if (problem === null || webhookSecret === undefined) return problem;
  return signatureProblem(rawBody, header, { secret: webhookSecret, nowMs });
}

/** An event that we have no use for is no mistake: it makes no facts. */
function readEvent(rawBody: Buffer, nowMs: number): WebhookVerdict {
  const read = eventSchema.safeParse(parseJson(rawBody.toString('utf8')));
  if (!read.success) return { is: 'malformed', why: 'not an event' };
  const { event } = read.data;
  if (!isKnownEvent(event)) return { is: 'facts', facts: [] };
  const call = callObjectSchema.safeParse(read.data.call);
  if (!call.success) return { is: 'malformed', why: `${event} without a call that can be read` };
  // Agents take calls too, and web calls have no direction: their events come to the same address.
  const isOurs = call.data.direction === 'outbound' || referenceOf(call.data) !== null;
  return { is: 'facts', facts: isOurs ? [FACT_OF_EVENT[event](call.data, nowMs)] : [] };
}

function isKnownEvent(event: string): event is RetellEvent {
  return Object.hasOwn(FACT_OF_EVENT, event);
}
