import { startStubPlatform, type StubAnswer } from '../../test/conformance/stub-platform.js';
import type { ReferencedCall, PlaceCallAnswer, ProviderAdapter } from '../provider.js';
import { testSender } from '../../test/support/sender.js';
import { retell } from './adapter.js';

const TIMEOUT_MS = 2_000;
const ACCOUNT = { credentials: { apiKey: 'the key' } };
const REQUEST: ReferencedCall = {
  reference: 'att_1',
  from: '+12025550100',
  to: '+12025550123',
  agentId: 'agent_1',
  agentVersion: '7',
  variables: { 'First Name': ' Zoë "Z"\n', amount: '007' },
  metadata: { customer: { id: 12 } },
  sipHeaders: { 'X-Campaign': 'september' },
  skipPhoneCheck: true,
  ringLimitMs: 45_000,
  callLengthMaxMs: 600_000,
  callbackUrl: null,
};

describe('the adapter of Retell', () => {
  let platform: Awaited<ReturnType<typeof startStubPlatform>>;
  let provider: ProviderAdapter;
  beforeAll(async () => {
    platform = await startStubPlatform();
    provider = retell.create({ ...ACCOUNT, baseUrl: platform.url }, testSender.send);
  });
  afterAll(() => platform.stop());

  const place = (answer: StubAnswer, changes: Partial<ReferencedCall> = {}): Promise<PlaceCallAnswer> => {
    platform.answerWith(answer);
    const limits = { sendBeforeMs: performance.now() + 1_000, requestTimeoutMs: TIMEOUT_MS };
    return provider.placeCall({ ...REQUEST, ...changes }, limits);
  };
  const sentBody = (): Record<string, unknown> => JSON.parse(platform.seen()[0]?.body ?? 'null');
  const created = { status: 201, body: { call_id: 'call_1', call_status: 'registered' } };

  it('sends everything that the request says, unchanged, and our reference beside the metadata', async () => {
    expect(await place(created)).toEqual({ is: 'accepted', callId: 'call_1' });
    expect(platform.seen()).toMatchObject([
      { method: 'POST', url: '/v2/create-phone-call', headers: { authorization: 'Bearer the key' } },
    ]);
    expect(sentBody()).toEqual({
      from_number: '+12025550100',
      to_number: '+12025550123',
      override_agent_id: 'agent_1',
      override_agent_version: 7,
      metadata: { customer: { id: 12 }, dialwright_attempt_id: 'att_1' },
      retell_llm_dynamic_variables: { 'First Name': ' Zoë "Z"\n', amount: '007' },
      custom_sip_headers: { 'X-Campaign': 'september' },
      ignore_e164_validation: true,
      agent_override: { agent: { ring_duration_ms: 45_000, max_call_duration_ms: 600_000 } },
    });
  });

  it('leaves out what is empty, and never lets metadata take the place of our reference', async () => {
    await place(created, {
      agentVersion: null,
      variables: {},
      sipHeaders: {},
      skipPhoneCheck: false,
      metadata: { dialwright_attempt_id: 'other' },
    });
    expect(Object.keys(sentBody()).sort()).toEqual(
      ['agent_override', 'from_number', 'metadata', 'override_agent_id', 'to_number'].sort(),
    );
    expect(sentBody()['metadata']).toEqual({ dialwright_attempt_id: 'att_1' });
  });

  it.each([
    ['latest', 'latest'],
    ['0', 0],
    ['7.5', '7.5'],
    ['99999999999999999999', '99999999999999999999'],
  ])('sends the agent version %j as %j', async (agentVersion, sent) => {
    await place(created, { agentVersion });
    expect(sentBody()['override_agent_version']).toBe(sent);
  });

  it.each([
    [1_000, 1_000, 5_000, 60_000],
    [900_000, 10_000_000, 300_000, 7_200_000],
  ])(
    'sends the bounds nearest to what Retell does not take: %i, %i',
    async (ringLimitMs, callLengthMaxMs, ring, max) => {
      await place(created, { ringLimitMs, callLengthMaxMs });
      expect(sentBody()['agent_override']).toEqual({ agent: { ring_duration_ms: ring, max_call_duration_ms: max } });
    },
  );

  it.each<[string, StubAnswer]>([
    ['drops the socket', 'drop'],
    ['answers 500', { status: 500 }],
    ['answers 429', { status: 429, headers: { 'retry-after': '0' } }],
    ['answers 409 and asks for a retry', { status: 409, headers: { 'x-should-retry': 'true' } }],
    ['redirects', { status: 307, headers: { location: '/v2/create-phone-call' } }],
  ])(
    'asks once, though the official SDK would repeat, of a platform that reads the request and %s',
    async (_what, answer) => {
      await place(answer);
      expect(platform.seen()).toHaveLength(1);
    },
  );

  it.each(['', '{}', '{"call_id":""}', '{"call_id":7}', '<html>', 'null'])(
    'says unknown of a 201 with %j',
    async (body) => {
      expect((await place({ status: 201, body })).is).toBe('unknown');
    },
  );

  it('believes the text of an answer, not its content type', async () => {
    expect((await place({ ...created, headers: { 'content-type': 'text/html' } })).is).toBe('accepted');
  });

  it.each([
    [400, 'You have reached your concurrency limit', 'capacity'],
    [402, 'Concurrency is not paid for', 'capacity'],
    [400, 'to_number is not a valid number', 'invalid-number'],
    [422, 'Invalid destination', 'invalid-number'],
    [401, 'to_number', 'permission'],
    [400, 'from_number is missing', 'invalid-request'],
  ])('takes a %i that says "%s" for %s', async (status, message, reason) => {
    expect(await place({ status, body: { status: 'error', message } })).toMatchObject({ is: 'refused', reason });
  });

  it('takes a status that proves nothing for unknown, whatever its message says', async () => {
    expect((await place({ status: 409, body: { message: 'concurrency' } })).is).toBe('unknown');
    expect((await place({ status: 503, body: { message: 'to_number' } })).is).toBe('unknown');
  });

  it('tells how long Retell asks to wait', async () => {
    expect(await place({ status: 429, headers: { 'retry-after': '3' } })).toMatchObject({ retryAfterMs: 3_000 });
    expect(await place({ status: 429 })).toMatchObject({ retryAfterMs: null });
  });

  it('tells of a refusal what Retell said, and nothing of an answer that has another form than its errors', async () => {
    const rawOf = async (body: unknown) => {
      const answer = await place({ status: 403, body });
      return answer.is === 'refused' ? answer.raw : answer.is;
    };
    expect(await rawOf({ status: 'error', message: 'No such key.' })).toBe('403 No such key.');
    for (const foreign of [
      'root:x:0:0:root:/root:/bin/sh',
      { message: 'forbidden: User "system:anonymous" cannot get path "/"' },
      { status: 'error', message: 'secret', kind: 'Status' },
      { status: 'error', message: 'x'.repeat(201) },
      { status: 'error', message: 'line\nline' },
      { secret: 'x' },
    ])
      expect(await rawOf(foreign)).toBe('403');
  });

  it('says not-sent of a request that the SDK cannot make', async () => {
    const broken = retell.create({ baseUrl: platform.url, credentials: { apiKey: 'a\nb' } }, testSender.send);
    platform.answerWith(created);
    const limits = { sendBeforeMs: performance.now() + 1_000, requestTimeoutMs: TIMEOUT_MS };
    expect((await broken.placeCall(REQUEST, limits)).is).toBe('not-sent');
    expect(platform.seen()).toEqual([]);
  });

  it('hangs up by stopping the call', async () => {
    platform.answerWith({ status: 204, body: '' });
    expect(await provider.hangUp('call_1', TIMEOUT_MS)).toEqual({ is: 'hung-up' });
    expect(platform.seen()).toMatchObject([{ method: 'POST', url: '/v2/stop-call/call_1', body: '' }]);
    for (const status of [404, 422]) {
      platform.answerWith({ status });
      expect(await provider.hangUp('call_1', TIMEOUT_MS)).toEqual({ is: 'gone' });
    }
    platform.answerWith({ status: 500 });
    expect(await provider.hangUp('call_1', TIMEOUT_MS)).toEqual({ is: 'no-answer', why: 'answered 500' });
  });
});
