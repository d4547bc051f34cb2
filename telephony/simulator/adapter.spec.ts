import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { signBody } from '../../carrier/webhooks/sign-body.js';
import type { ReferencedCall, LookUpAnswer, PlaceCallAnswer, ProviderAdapter } from '../provider.js';
import { testSender } from '../../test/support/sender.js';
import { simulator } from './adapter.js';
import { SIGNATURE_HEADER } from './wire.js';

const SECRET = 'adapter-secret';
const NOW_MS = Date.parse('2026-11-26T12:00:00Z');
const CALL = { call_id: 'call_1', reference: 'att_1', accepted_at: NOW_MS };
const REQUEST: ReferencedCall = {
  reference: 'att_1',
  from: '+12025550100',
  to: '+12025550123',
  agentId: 'agent-1',
  agentVersion: 'v7',
  variables: { 'First Name': ' Zoë "Z"\n', amount: '007' },
  metadata: { customer: { id: 12 } },
  sipHeaders: { 'X-Campaign': 'september' },
  skipPhoneCheck: true,
  ringLimitMs: 45_000,
  callLengthMaxMs: 600_000,
  callbackUrl: null,
};

describe('the adapter of the simulated carrier', () => {
  let provider: ProviderAdapter;
  let platform: Awaited<ReturnType<typeof startPlatform>>;
  beforeAll(async () => {
    platform = await startPlatform();
    const credentials = { apiKey: 'the key', webhookSecret: SECRET };
    provider = simulator.create({ credentials, baseUrl: `${platform.url}/` }, testSender.send);
  });
  afterAll(() => platform.stop());

  const place = (status: number, body: string, headers = {}): Promise<PlaceCallAnswer> => {
    platform.answerWith({ status, body, headers });
    return provider.placeCall(REQUEST, { sendBeforeMs: performance.now() + 1_000, requestTimeoutMs: 2_000 });
  };
  const lookUp = (status: number, body: unknown): Promise<LookUpAnswer> => {
    platform.answerWith({ status, body: typeof body === 'string' ? body : JSON.stringify(body), headers: {} });
    return provider.lookUp('att_1', 2_000);
  };
  const read = (event: string, call: Record<string, unknown>) => {
    const rawBody = Buffer.from(JSON.stringify({ event, call: { ...CALL, ...call } }));
    const headers = { [SIGNATURE_HEADER]: signBody(rawBody, SECRET, NOW_MS) };
    return provider.readWebhook({ method: 'POST', url: '', headers, rawBody, receivedAtMs: NOW_MS });
  };

  it('sends everything that the request says, unchanged', async () => {
    await place(201, '{"call_id":"call_1"}');
    expect(platform.seen()).toMatchObject({ method: 'POST', url: '/v1/calls', authorization: 'Bearer the key' });
    expect(JSON.parse(platform.seen().body)).toEqual({
      reference: 'att_1',
      from: '+12025550100',
      to: '+12025550123',
      agent_id: 'agent-1',
      agent_version: 'v7',
      variables: { 'First Name': ' Zoë "Z"\n', amount: '007' },
      metadata: { customer: { id: 12 } },
      sip_headers: { 'X-Campaign': 'september' },
      skip_phone_check: true,
      ring_limit_ms: 45_000,
      call_length_max_ms: 600_000,
    });
  });

  it('tells how long a full platform asks to wait', async () => {
    const raw = '429 full';
    const answer = await place(429, '{"error":"full"}', { 'retry-after': '3' });
    expect(answer).toEqual({ is: 'refused', reason: 'capacity', raw, retryAfterMs: 3_000 });
    expect(await place(429, 'x'.repeat(1_000))).toMatchObject({ retryAfterMs: null, raw: '429' });
  });

  it.each(['', '{}', '{"call_id":""}', '{"call_id":7}', '<html>'])('says unknown of a 201 with %j', async (body) => {
    expect((await place(201, body)).is).toBe('unknown');
  });

  it('asks for the reference as it is', async () => {
    platform.answerWith({ status: 200, body: '{"calls":[]}', headers: {} });
    expect(await provider.lookUp('a&b=c', 2_000)).toEqual({ is: 'absent' });
    expect(platform.seen().url).toBe('/v1/calls?reference=a%26b%3Dc');
  });

  it.each([
    ['another status', 206, { calls: [] }],
    ['an error', 500, { calls: [] }],
    ['a missing page', 404, { calls: [] }],
    ['no list', 200, {}],
    ['no JSON', 200, '<html>'],
    ['nothing', 200, ''],
    ['a call without an id', 200, { calls: [{ ...CALL, call_id: undefined }] }],
    ['calls of another reference', 200, { calls: [{ ...CALL, reference: 'att_2' }] }],
    ['a call without a reference', 200, { calls: [{ ...CALL, reference: undefined }] }],
  ])('never says absent, or found, of a look-up that answers %s', async (_what, status, body) => {
    expect((await lookUp(status, body)).is).toBe('no-answer');
  });

  it('tells the facts of every call that carries the reference', async () => {
    const second = { ...CALL, call_id: 'call_2', started_at: NOW_MS };
    const found = await lookUp(200, { calls: [{ ...CALL, ended_at: NOW_MS, end_reason: 'dial_busy' }, second] });
    expect(found).toMatchObject({
      is: 'found',
      callId: 'call_1',
      facts: [
        { eventKey: expect.stringContaining('call_1:ended:') },
        { eventKey: expect.stringContaining('call_2:started:') },
      ],
    });
  });

  it('reads an end whole, and one that leaves out all it may', () => {
    const whole = { ended_at: NOW_MS, duration_ms: 1_499.6, end_reason: 'user_hangup', transcript: 'Hello' };
    const fact = {
      eventKey: expect.stringContaining('call_1:ended:'),
      kind: 'ENDED',
      callId: 'call_1',
      reference: 'att_1',
      occurredAt: new Date(NOW_MS),
      successful: null,
    };
    const details = { transcript: 'Hello' };
    expect(read('call_ended', whole)).toEqual({
      is: 'facts',
      facts: [{ ...fact, outcome: 'ANSWERED', endReason: 'user_hangup', durationMs: 1_500, details }],
    });
    const bare = {
      ...fact,
      reference: null,
      outcome: 'PROVIDER_ERROR',
      endReason: null,
      durationMs: null,
      details: {},
    };
    expect(read('call_ended', { ended_at: NOW_MS, reference: undefined })).toEqual({ is: 'facts', facts: [bare] });
  });

  it('keeps the raw word of an end that it does not know', () => {
    const verdict = read('call_ended', { ended_at: NOW_MS, end_reason: 'struck_by_lightning' });
    expect(verdict).toMatchObject({ facts: [{ outcome: 'PROVIDER_ERROR', endReason: 'struck_by_lightning' }] });
  });

  it('makes no facts of an event that it has no use for, and calls a contradiction malformed', () => {
    expect(read('call_transferred', {})).toEqual({ is: 'facts', facts: [] });
    expect(read('toString', {})).toEqual({ is: 'facts', facts: [] });
    expect(read('call_ended', {}).is).toBe('malformed');
    expect(read('call_ended', { ended_at: 1e300 }).is).toBe('malformed');
  });
});

type Answer = { status: number; body: string; headers: Record<string, string> };

/** Answers whatever it is told, and shows the last request. */
async function startPlatform() {
  let answer: Answer = { status: 500, body: '', headers: {} };
  let seen = { method: '', url: '', authorization: '', body: '' };
  const server = http.createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const { method = '', url = '', headers } = req;
      seen = { method, url, authorization: headers.authorization ?? '', body: Buffer.concat(chunks).toString('utf8') };
      res.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answerWith: (next: Answer) => void (answer = next),
    seen: () => seen,
    async stop(): Promise<void> {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
