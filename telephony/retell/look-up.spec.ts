import { startStubPlatform, type StubAnswer } from '../../test/conformance/stub-platform.js';
import type { LookUpAnswer, ProviderAdapter } from '../provider.js';
import { testSender } from '../../test/support/sender.js';
import { retell } from './adapter.js';

const TIMEOUT_MS = 2_000;
const NOW_MS = Date.parse('2026-11-26T12:00:00Z');
const CALL = { call_id: 'call_1', call_status: 'registered', metadata: { dialwright_attempt_id: 'att_1' } };
const ENDED = {
  ...CALL,
  call_status: 'ended',
  start_timestamp: NOW_MS,
  end_timestamp: NOW_MS + 60_000,
  duration_ms: 60_000,
  disconnection_reason: 'agent_hangup',
};

describe('looking up and listing at Retell', () => {
  let platform: Awaited<ReturnType<typeof startStubPlatform>>;
  let provider: ProviderAdapter;
  beforeAll(async () => {
    platform = await startStubPlatform();
    provider = retell.create({ baseUrl: platform.url, credentials: { apiKey: 'the key' } }, testSender.send);
  });
  afterAll(() => platform.stop());

  const lookUp = (list: StubAnswer, call: StubAnswer = { status: 500 }): Promise<LookUpAnswer> => {
    platform.answerWith(({ url }) => (url === '/v3/list-calls' ? list : call));
    return provider.lookUp('att_1', TIMEOUT_MS);
  };
  const listed = (...items: unknown[]): StubAnswer => ({ status: 200, body: { items, has_more: false } });

  it('asks for the calls whose metadata carry the reference', async () => {
    expect(await lookUp(listed())).toEqual({ is: 'absent' });
    expect(platform.seen()).toMatchObject([{ method: 'POST', url: '/v3/list-calls' }]);
    expect(JSON.parse(platform.seen()[0]?.body ?? '')).toMatchObject({
      filter_criteria: { metadata: [{ key: 'dialwright_attempt_id', type: 'string', op: 'eq', value: 'att_1' }] },
    });
  });

  it.each<[string, number, unknown]>([
    ['another status', 206, { items: [], has_more: false }],
    ['an error', 500, { items: [], has_more: false }],
    ['a missing page', 404, { items: [], has_more: false }],
    ['no list', 200, {}],
    ['a list of another form', 200, []],
    ['a list that does not say whether it is whole', 200, { items: [] }],
    ['a list without the calls that it has', 200, { items: [], has_more: true }],
    ['no JSON', 200, '<html>'],
    ['nothing', 200, ''],
    ['a call without an id', 200, { items: [{ ...CALL, call_id: undefined }], has_more: false }],
    ['calls of another reference', 200, { items: [{ ...CALL, metadata: { x: 1 } }], has_more: false }],
    ['a call without a reference', 200, { items: [{ ...CALL, metadata: undefined }], has_more: false }],
  ])('never says absent, or found, of a look-up that answers %s', async (_what, status, body) => {
    expect((await lookUp({ status, body })).is).toBe('no-answer');
  });

  describe('for many references', () => {
    const lookUpPage = (list: StubAnswer) => {
      platform.answerWith(({ url }) => (url === '/v3/list-calls' ? list : { status: 500 }));
      return provider.lookUpPage!(['att_1', 'att_2'], TIMEOUT_MS);
    };
    const second = { ...CALL, call_id: 'call_2', metadata: { dialwright_attempt_id: 'att_2' } };

    it('asks by one list', async () => {
      expect(await lookUpPage(listed(CALL, second))).toMatchObject({
        is: 'listed',
        found: [
          { reference: 'att_1', callId: 'call_1' },
          { reference: 'att_2', callId: 'call_2' },
        ],
      });
      expect(JSON.parse(platform.seen()[0]?.body ?? '').filter_criteria).toEqual({
        metadata: [{ key: 'dialwright_attempt_id', type: 'enum', op: 'in', value: ['att_1', 'att_2'] }],
      });
    });

    it('tells what it found of a list that is not whole, under the first of the calls of one reference', async () => {
      const again = { ...ENDED, call_id: 'call_3' };
      expect(await lookUpPage({ status: 200, body: { items: [CALL, again], has_more: true } })).toMatchObject({
        is: 'listed',
        found: [{ reference: 'att_1', callId: 'call_1', facts: [{ callId: 'call_3' }, { callId: 'call_3' }] }],
      });
    });

    it('asks for ended calls ten at a time, over all pages of the account', async () => {
      const pages = [1, 2, 3].map((page) => Array.from({ length: 25 }, (_, n) => `att_${page}_${n}`));
      const ended = (reference: string) => ({
        ...ENDED,
        call_id: `call_${reference}`,
        metadata: { dialwright_attempt_id: reference },
      });
      platform.answerWith(({ url, body }) => {
        if (url !== '/v3/list-calls')
          return { status: 200, body: { ...ended(url.split('/call_')[1]!), transcript: 'Hello' } };
        return listed(...JSON.parse(body).filter_criteria.metadata[0].value.map(ended));
      });
      const requests = { lists: 0, open: 0, most: 0 };
      let markListed: () => void = () => {};
      const allListed = new Promise<void>((resolve) => (markListed = resolve));
      const counting: typeof testSender.send = async (request) => {
        if (request.method === 'POST') {
          const answer = await testSender.send(request);
          requests.lists += 1;
          if (requests.lists === pages.length) markListed();
          return answer;
        }
        requests.open += 1;
        requests.most = Math.max(requests.most, requests.open);
        await allListed;
        const answer = await testSender.send(request);
        requests.open -= 1;
        return answer;
      };
      const account = { baseUrl: platform.url, credentials: { apiKey: 'the key' } };
      const { lookUpPage } = retell.create(account, counting);
      const answers = await Promise.all(pages.map((page) => lookUpPage!(page, TIMEOUT_MS * 10)));
      const facts = answers.flatMap((answer) =>
        answer.is === 'listed' ? answer.found.flatMap((call) => call.facts) : [],
      );
      expect(facts.filter((fact) => fact.kind === 'ENDED' && fact.details?.transcript === 'Hello')).toHaveLength(75);
      expect(requests.most).toBe(10);
    });

    it.each<[string, number, unknown]>([
      ['an error', 400, { items: [], has_more: false }],
      ['no list', 200, {}],
      ['calls of another reference', 200, { items: [CALL, { ...CALL, metadata: { x: 1 } }], has_more: false }],
    ])('says no-answer of %s', async (_what, status, body) => {
      expect((await lookUpPage({ status, body })).is).toBe('no-answer');
    });
  });

  it('asks once, and says no-answer, when the socket is dropped', async () => {
    expect((await lookUp('drop')).is).toBe('no-answer');
    expect(platform.seen()).toHaveLength(1);
  });

  it('tells what is known of calls that ring, are answered, or never connected', async () => {
    const second = { ...CALL, call_id: 'call_2', call_status: 'ongoing', start_timestamp: NOW_MS };
    const third = { ...CALL, call_id: 'call_3', call_status: 'not_connected', disconnection_reason: 'dial_busy' };
    const found = await lookUp(listed(CALL, second, third));
    expect(found).toMatchObject({ is: 'found', callId: 'call_1' });
    expect(found.is === 'found' && found.facts).toMatchObject([
      {
        eventKey: expect.stringContaining('call_2:started:'),
        kind: 'STARTED',
        occurredAt: new Date(NOW_MS),
        reference: 'att_1',
      },
      { eventKey: expect.stringContaining('call_3:ended:'), kind: 'ENDED', outcome: 'BUSY' },
    ]);
  });

  it('asks for an ended call by itself, whose list entry has no transcript', async () => {
    const whole = { ...ENDED, transcript: 'Hello', call_analysis: { call_successful: true, in_voicemail: false } };
    const found = await lookUp(listed(ENDED), { status: 200, body: whole });
    expect(platform.seen().map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST /v3/list-calls',
      'GET /v2/get-call/call_1',
    ]);
    expect(found.is === 'found' && found.facts).toMatchObject([
      { eventKey: expect.stringContaining('call_1:started:') },
      {
        eventKey: expect.stringContaining('call_1:ended:'),
        outcome: 'ANSWERED',
        durationMs: 60_000,
        details: { transcript: 'Hello' },
      },
      { eventKey: expect.stringContaining('call_1:analyzed:'), successful: true, details: { in_voicemail: false } },
    ]);
  });

  it.each<[string, StubAnswer]>([
    ['cannot be had', { status: 500 }],
    ['is lost', 'drop'],
    ['is another call', { status: 200, body: { ...ENDED, call_id: 'call_9' } }],
    ['has another reference', { status: 200, body: { ...ENDED, metadata: {} } }],
    ['has not ended', { status: 200, body: CALL }],
  ])('tells the end as it was listed when the call by itself %s', async (_what, call) => {
    const found = await lookUp(listed(ENDED), call);
    expect(found.is === 'found' && found.facts).toMatchObject([
      { eventKey: expect.stringContaining('call_1:started:') },
      { eventKey: expect.stringContaining('call_1:ended:'), callId: 'call_1', details: {} },
    ]);
  });

  it('lists each voice agent once, over all pages', async () => {
    platform.answerWith(({ url }) =>
      url.includes('pagination_key=two')
        ? {
            status: 200,
            body: { items: [{ agent_id: 'a', agent_name: 'Ana (older)' }, { agent_id: 'c' }], has_more: false },
          }
        : {
            status: 200,
            body: {
              items: [
                { agent_id: 'a', agent_name: 'Ana', channel: 'voice', tags: {} },
                { agent_id: 'b', agent_name: 'Chat', channel: 'chat', tags: {} },
              ],
              has_more: true,
              pagination_key: 'two',
            },
          },
    );
    expect(await provider.listAgents(TIMEOUT_MS)).toEqual({
      is: 'listed',
      items: [
        { providerAgentId: 'a', name: 'Ana' },
        { providerAgentId: 'c', name: 'c' },
      ],
    });
    expect(platform.seen().map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST /v2/list-agents',
      'POST /v2/list-agents?pagination_key=two',
    ]);
  });

  it('tells of a number the agent with the largest share of its outbound calls', async () => {
    const shared = [
      { agent_id: 'a', weight: 0.3 },
      { agent_id: 'b', weight: 0.7 },
    ];
    const items = [
      { phone_number: '+12025550100', nickname: 'Main', outbound_agents: shared },
      { phone_number: '+12025550101', nickname: null, outbound_agents: null },
      { phone_number: '101' },
    ];
    platform.answerWith({ status: 200, body: { items, has_more: false } });
    expect(await provider.listNumbers(TIMEOUT_MS)).toEqual({
      is: 'listed',
      items: [
        { phone: '+12025550100', label: 'Main', outboundAgentId: 'b' },
        { phone: '+12025550101', label: null, outboundAgentId: null },
        { phone: '101', label: null, outboundAgentId: null },
      ],
    });
    expect(platform.seen()).toMatchObject([{ method: 'GET', url: '/v2/list-phone-numbers' }]);
  });

  it.each<[string, StubAnswer]>([
    ['refuses', { status: 401 }],
    ['answers no list', { status: 200, body: [] }],
    ['has more, and does not say where', { status: 200, body: { items: [], has_more: true } }],
    ['never ends', { status: 200, body: { items: [], has_more: true, pagination_key: 'again' } }],
  ])('says no-answer, never a part of a list, of a platform that %s', async (_what, answer) => {
    platform.answerWith(answer);
    expect((await provider.listNumbers(TIMEOUT_MS)).is).toBe('no-answer');
    expect((await provider.listAgents(TIMEOUT_MS)).is).toBe('no-answer');
  });

  it('reads a long list to its end before it tells a thousand of it, so that no repetition passes for the end', async () => {
    platform.answerWith((_req, count) => ({
      status: 200,
      body: {
        items: Array.from({ length: 300 }, (_, index) => ({ phone_number: `${count}-${index}` })),
        has_more: count < 5,
        pagination_key: String(count),
      },
    }));
    const listed = await provider.listNumbers(TIMEOUT_MS);
    expect(listed.is === 'listed' && listed.items).toHaveLength(1_000);
    expect(platform.seen().length).toBeGreaterThanOrEqual(5);
  });
});
