import { startStubPlatform } from '../../test/conformance/stub-platform.js';
import { signatureProblem } from '../../telephony/signature-problem.js';
import { startSimulator, type Simulator, type SimulatorOptions } from '../server.js';

const API_KEY = 'retell-key';
const TO = '+12025550123';
const FAST: SimulatorOptions = {
  wire: 'retell',
  apiKey: API_KEY,
  speed: 1_000,
  outcomes: { ANSWERED: 1 },
  callLength: { is: 'fixed', ms: 4_000 },
  webhookRetryDelayMs: 5,
};
const CREATE = { from_number: '+12025550100', to_number: TO, override_agent_id: 'agent_1' };

type Json = Record<string, unknown>;
type Told = { event: string; call: Json; body: string; signature: string | undefined };

describe("the simulated carrier on Retell's wire", () => {
  let simulator: Simulator;
  let receiver: Awaited<ReturnType<typeof startStubPlatform>>;
  beforeEach(async () => {
    receiver = await startStubPlatform();
    receiver.answerWith({ status: 204, body: '' });
  });
  afterEach(async () => {
    await simulator.stop();
    await receiver.stop();
  });

  const start = async (options: SimulatorOptions = {}): Promise<void> => {
    simulator = await startSimulator({ ...FAST, webhookUrl: receiver.url, ...options });
  };
  const ask = async (method: string, path: string, body?: Json): Promise<{ status: number; body: Json }> => {
    const headers = { authorization: `Bearer ${API_KEY}` };
    const res = await fetch(`${simulator.url}${path}`, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await res.text();
    return { status: res.status, body: text === '' ? {} : (JSON.parse(text) as Json) };
  };
  const place = (changes: Json = {}): ReturnType<typeof ask> =>
    ask('POST', '/v2/create-phone-call', { ...CREATE, ...changes });
  const told = (): Told[] =>
    receiver.seen().map(({ body, headers }) => ({
      ...(JSON.parse(body) as { event: string; call: Json }),
      body,
      signature: headers['x-retell-signature'] as string | undefined,
    }));

  it('takes a call through its states, and leaves out what is not set or not known yet', async () => {
    await start();
    const { status, body } = await place();
    expect(status).toBe(201);
    expect(body).toEqual({
      call_id: expect.stringMatching(/^call_/),
      call_type: 'phone_call',
      direction: 'outbound',
      call_status: 'registered',
      agent_id: 'agent_1',
      agent_version: 0,
      from_number: '+12025550100',
      to_number: TO,
    });
    await simulator.whenIdle();
    const whole = await ask('GET', `/v2/get-call/${String(body['call_id'])}`);
    expect(whole.body).toMatchObject({
      call_status: 'ended',
      disconnection_reason: expect.stringMatching(/^(user|agent)_hangup$/),
      duration_ms: 4_000,
      start_timestamp: expect.any(Number),
      end_timestamp: expect.any(Number),
      transcript: expect.any(String),
      call_analysis: { call_successful: expect.any(Boolean), in_voicemail: false },
    });
    expect(
      told()
        .map(({ event }) => event)
        .sort(),
    ).toEqual(['call_analyzed', 'call_ended', 'call_started']);
    for (const { event, call } of told()) expect('call_analysis' in call).toBe(event === 'call_analyzed');
  });

  it('signs each webhook with the API key', async () => {
    await start();
    await place();
    await simulator.whenIdle();
    for (const { body, signature } of told())
      expect(signatureProblem(Buffer.from(body), signature, { secret: API_KEY, nowMs: Date.now() })).toBeNull();
  });

  it.each([
    ['NO_ANSWER', 'not_connected', 'dial_no_answer', ['call_analyzed', 'call_ended']],
    ['BUSY', 'not_connected', 'dial_busy', ['call_analyzed', 'call_ended']],
    ['DECLINED', 'not_connected', 'user_declined', ['call_analyzed', 'call_ended']],
    ['INVALID_NUMBER', 'not_connected', 'invalid_destination', ['call_analyzed', 'call_ended']],
    ['UNREACHABLE', 'not_connected', 'dial_failed', ['call_analyzed', 'call_ended']],
    ['PROVIDER_ERROR', 'not_connected', 'telephony_provider_unavailable', ['call_analyzed', 'call_ended']],
    ['VOICEMAIL', 'ended', 'voicemail_reached', ['call_analyzed', 'call_ended', 'call_started']],
    ['AGENT_ERROR', 'error', 'error_llm_websocket_runtime', ['call_analyzed', 'call_ended', 'call_started']],
  ] as const)('ends a call that is %s as %s, %s, with %j', async (outcome, status, reason, events) => {
    await start({ outcomes: { [outcome]: 1 } });
    await place();
    await simulator.whenIdle();
    expect(
      told()
        .map(({ event }) => event)
        .sort(),
    ).toEqual(events);
    const { call } = told().find(({ event }) => event === 'call_ended') as Told;
    expect(call).toMatchObject({ call_status: status, disconnection_reason: reason });
    expect('start_timestamp' in call).toBe(events.length === 3);
  });

  it('ends the calls of a number with the reason that its settings name', async () => {
    const numbers: SimulatorOptions['numbers'] = {
      [TO]: { outcome: 'PROVIDER_ERROR', disconnectionReason: 'concurrency_limit_reached' },
    };
    await start({ numbers });
    await place();
    await simulator.whenIdle();
    expect(
      told()
        .map(({ event }) => event)
        .sort(),
    ).toEqual(['call_analyzed', 'call_ended']);
    expect(told()[0]?.call).toMatchObject({
      call_status: 'error',
      disconnection_reason: 'concurrency_limit_reached',
    });
  });

  it('lists the calls of a reference, without their transcripts, and knows only that filter', async () => {
    await start();
    await place({ metadata: { dialwright_attempt_id: 'att_1', customer: 12 } });
    await place({ metadata: { dialwright_attempt_id: 'att_1' } });
    await place();
    await simulator.whenIdle();
    const filterBy = (value: string): Json => ({
      filter_criteria: { metadata: [{ key: 'dialwright_attempt_id', type: 'string', op: 'eq', value }] },
    });
    const listed = await ask('POST', '/v3/list-calls', filterBy('att_1'));
    expect(listed).toMatchObject({ status: 200, body: { has_more: false } });
    const items = listed.body['items'] as Json[];
    expect(items.map(({ metadata }) => metadata)).toEqual([
      { dialwright_attempt_id: 'att_1', customer: 12 },
      { dialwright_attempt_id: 'att_1' },
    ]);
    expect(items.some((item) => 'transcript' in item)).toBe(false);
    expect(await ask('POST', '/v3/list-calls', { ...filterBy('att_1'), limit: 1 })).toMatchObject({
      body: { items: [{}], has_more: true },
    });
    expect((await ask('POST', '/v3/list-calls', filterBy('att_2'))).body).toEqual({ items: [], has_more: false });
    expect((await ask('POST', '/v3/list-calls', {})).status).toBe(400);
    expect(simulator.referencesTwice()).toEqual(['att_1']);
  });

  it('refuses what Retell refuses, in its words, and keeps it in the ledger', async () => {
    await start({ speed: 1, concurrencyMax: 1 });
    const refused = [
      await place({ from_number: undefined }),
      await place({ to_number: '0123' }),
      await place({ agent_override: { agent: { ring_duration_ms: 4_999 } } }),
      await place({ agent_override: { agent: { max_call_duration_ms: 59_999 } } }),
    ];
    for (const { status, body } of refused) {
      expect(status).toBe(400);
      expect(body).toEqual({ status: 'error', message: expect.any(String) });
    }
    expect(refused[1]?.body['message']).toMatch(/to_number/);
    expect((await place({ to_number: '0123', ignore_e164_validation: true })).status).toBe(201);
    expect(await place()).toMatchObject({ status: 429, body: { message: expect.stringMatching(/concurrency/) } });
    const res = await fetch(`${simulator.url}/v2/create-phone-call`, { method: 'POST', body: '{}' });
    expect(res.status).toBe(401);
    expect(simulator.ledger().map(({ answeredStatus }) => answeredStatus)).toEqual([400, 400, 400, 400, 201, 429, 401]);
    expect((await ask('GET', '/get-concurrency')).body).toEqual({ current_concurrency: 1, concurrency_limit: 1 });
  });

  it('stops ringing at the ring limit, and talking at the longest length, that the request asks for', async () => {
    await start({ speed: 10_000, ringMs: { min: 20_000, max: 20_000 }, callLength: { is: 'fixed', ms: 90_000 } });
    const agent = { ring_duration_ms: 10_000 };
    await place({ agent_override: { agent } });
    await place({ agent_override: { agent: { max_call_duration_ms: 60_000 } } });
    await simulator.whenIdle();
    expect(simulator.ledger().map(({ endReason, durationMs }) => [endReason, durationMs])).toEqual([
      ['dial_no_answer', 0],
      ['max_duration_reached', 60_000],
    ]);
  });

  it('stops a live call, and answers 404 for one that does not exist', async () => {
    await start({ speed: 1 });
    const { body } = await place();
    const callId = String(body['call_id']);
    expect((await ask('POST', `/v2/stop-call/${callId}`)).status).toBe(204);
    expect((await ask('GET', `/v2/get-call/${callId}`)).body).toMatchObject({
      call_status: 'ended',
      disconnection_reason: 'manual_stopped',
    });
    expect((await ask('POST', '/v2/stop-call/call_none')).status).toBe(404);
    expect((await ask('GET', '/v2/get-call/call_none')).status).toBe(404);
    expect((await ask('GET', '/v2/nothing')).body).toMatchObject({ status: 'error' });
  });

  it('pages the agents', async () => {
    await start({ agents: ['a', 'b', 'c'].map((id) => ({ id, name: id.toUpperCase() })) });
    const first = await ask('POST', '/v2/list-agents?limit=2', {});
    expect(first.body).toMatchObject({ items: [{ agent_id: 'a' }, { agent_id: 'b' }], has_more: true });
    const second = await ask('POST', `/v2/list-agents?limit=2&pagination_key=${String(first.body['pagination_key'])}`);
    expect(second.body).toMatchObject({ items: [{ agent_id: 'c', agent_name: 'C' }], has_more: false });
  });

  describe('with faults', () => {
    it('answers 429 with a time to wait, and 500, in the words of Retell', async () => {
      await start({ faults: { answer429: 1 } });
      expect(await place()).toEqual({ status: 429, body: { status: 'error', message: 'concurrency limit reached' } });
      simulator.configure({ faults: { answer429: 0, answer500: 1 } });
      expect(await place()).toEqual({ status: 500, body: { status: 'error', message: 'internal error' } });
      expect(simulator.totals().accepted).toBe(0);
    });

    it('drops, answers 500 and answers nothing to be read after it has accepted', async () => {
      await start({ faults: { dropAfterAccept: 1 } });
      await expect(place()).rejects.toThrow();
      simulator.configure({ faults: { dropAfterAccept: 0, answer500AfterAccept: 1 } });
      expect((await place()).status).toBe(500);
      simulator.configure({ faults: { answer500AfterAccept: 0, answerUnreadable: 1 } });
      expect(await place()).toEqual({ status: 201, body: { ok: true } });
      expect(simulator.totals().accepted).toBe(3);
    });

    it('loses, repeats and turns webhooks, and tells the first before the answer', async () => {
      await start({ faults: { webhookLoss: 1 } });
      const events = async (): Promise<string[]> => {
        receiver.answerWith({ status: 204, body: '' });
        await place();
        await simulator.whenIdle();
        return told().map(({ event }) => event);
      };
      expect(await events()).toEqual([]);
      simulator.configure({ faults: { webhookLoss: 0, webhookReorder: 1 } });
      expect(await events()).toEqual(['call_analyzed', 'call_ended', 'call_started']);
      simulator.configure({ faults: { webhookReorder: 0, webhookDuplicate: 1 } });
      expect(await events()).toHaveLength(6);
      simulator.configure({ speed: 1, faults: { webhookDuplicate: 0, webhookEarly: 1 } });
      receiver.answerWith({ status: 204, body: '' });
      await place();
      expect(told().map(({ event }) => event)).toEqual(['call_started']);
    });

    it('posts a lie of a call that is live, with a wrong signature', async () => {
      await start({ faults: { webhookForged: 1 } });
      await place();
      await simulator.whenIdle();
      const [lie, ...rest] = told();
      expect(lie).toMatchObject({ event: 'call_ended', call: { disconnection_reason: 'invalid_destination' } });
      const secretAndTime = { secret: API_KEY, nowMs: Date.now() };
      expect(signatureProblem(Buffer.from(lie?.body ?? ''), lie?.signature, secretAndTime)).toMatch(/does not match/);
      expect(rest).toHaveLength(3);
    });
  });
});
