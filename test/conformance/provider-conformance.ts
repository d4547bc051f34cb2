import type { CallFact } from '../../domain/calls/call-fact.js';
import type {
  ReferencedCall,
  PlaceCallAnswer,
  ProviderAgent,
  ProviderNumber,
  RefusalReason,
  SendLimits,
  TelephonyProvider,
  WebhookRequest,
} from '../../telephony/provider.js';

/** A webhook as it arrived: what of it `readWebhook` is given. */
export type ReceivedWebhook = Pick<WebhookRequest, 'rawBody' | 'headers' | 'receivedAtMs'>;

/** How the next create request is treated by the platform under test. */
export type Treatment =
  /** Rings until the next `treat`. */
  | { is: 'accept' }
  /** A person answers, and the call is over a moment later. */
  | { is: 'accept-and-end' }
  | { is: 'refuse'; status: number }
  /** The call is made, and the socket dropped, or the answer late, 500, or without a call id. */
  | { is: 'accept-and-drop' }
  | { is: 'accept-and-answer-late'; afterMs: number }
  | { is: 'accept-and-answer-500' }
  | { is: 'accept-and-answer-unreadable' };

/** One platform, real or simulated, prepared for the suite. */
export type ProviderUnderTest = {
  provider: TelephonyProvider;
  /** The same account behind an address where nobody listens. */
  unreachable: TelephonyProvider;
  /** With credentials that the platform does not know. */
  stranger: TelephonyProvider;
  /** What the account has to call with, in the platform's order. */
  offers: { agents: ProviderAgent[]; numbers: ProviderNumber[] };
  treat(treatment: Treatment): Promise<void>;
  /** Create requests that reached the platform since the last `treat`, by reference. */
  requestsSeen(): string[];
  /** Every webhook since the last `treat`, once the calls have ended and been analyzed. */
  allWebhooks(): Promise<ReceivedWebhook[]>;
  /** A webhook of the same call that contradicts this one: it ended busy; its analysis says the opposite. */
  contradict(webhook: ReceivedWebhook): ReceivedWebhook;
  /** Signs a body as the platform would, now or at another time. */
  sign(rawBody: Buffer, atMs: number): Record<string, string>;
  stop(): Promise<void>;
};

export type ProviderExpectations = { refusals: Record<number, RefusalReason>; unknownStatuses: number[] };

const REQUEST_TIMEOUT_MS = 2_000;
const STALE_MS = 6 * 60_000;
let nextReference = 1;

export function callRequest(changes: Partial<ReferencedCall> = {}): ReferencedCall {
  return {
    reference: `att_${String(nextReference++).padStart(32, '0')}`,
    from: '+12025550100',
    to: '+12025550123',
    agentId: 'agent-1',
    agentVersion: null,
    variables: { 'First Name': ' Zoë "Z" ', amount: '007' },
    metadata: { customer: { id: 12 } },
    sipHeaders: { 'X-Campaign': 'september' },
    skipPhoneCheck: false,
    ringLimitMs: 45_000,
    callLengthMaxMs: 600_000,
    callbackUrl: 'https://calls.test/v1/webhooks/acc_1?attempt=att_1',
    ...changes,
  };
}

export function sendLimits(changes: Partial<SendLimits> = {}): SendLimits {
  return { sendBeforeMs: performance.now() + 1_000, requestTimeoutMs: REQUEST_TIMEOUT_MS, ...changes };
}

/** What every provider must do, whatever its platform: one suite for all of them. */
export function describeProvider(
  name: string,
  start: () => Promise<ProviderUnderTest>,
  expected: ProviderExpectations,
): void {
  describe(`provider conformance: ${name}`, () => {
    let platform: ProviderUnderTest;
    beforeAll(async () => void (platform = await start()));
    afterAll(() => platform?.stop());

    const place = async (treatment: Treatment, limits: Partial<SendLimits> = {}) => {
      await platform.treat(treatment);
      const request = callRequest();
      const answer = await platform.provider.placeCall(request, sendLimits(limits));
      return { answer, reference: request.reference, seen: platform.requestsSeen() };
    };

    describe('placing a call', () => describePlacing(() => platform, place, expected));
    describe('looking up', () => describeLookUp(() => platform, place));
    describe('hanging up', () => describeHangUp(() => platform, place));
    describe('testing credentials', () => describeTest(() => platform));
    describe('listing', () => describeLists(() => platform));
    describe('reading webhooks', () => describeWebhooks(() => platform, place));
  });
}

type Place = (
  treatment: Treatment,
  limits?: Partial<SendLimits>,
) => Promise<{ answer: PlaceCallAnswer; reference: string; seen: string[] }>;

function describePlacing(platform: () => ProviderUnderTest, place: Place, expected: ProviderExpectations): void {
  it('says accepted, with the call id, and sends one request', async () => {
    const { answer, reference, seen } = await place({ is: 'accept' });
    expect(answer).toEqual({ is: 'accepted', callId: expect.stringMatching(/./) });
    expect(seen).toEqual([reference]);
  });

  it.each(Object.entries(expected.refusals))(
    'takes %s for the proof that there is no call: %s',
    async (status, reason) => {
      const { answer, reference, seen } = await place({ is: 'refuse', status: Number(status) });
      expect(answer).toMatchObject({ is: 'refused', reason, raw: expect.stringContaining(status) });
      expect(seen).toEqual([reference]);
    },
  );

  it.each(expected.unknownStatuses)('takes %s for no proof of anything, and does not send again', async (status) => {
    const { answer, reference, seen } = await place({ is: 'refuse', status });
    expect(answer.is).toBe('unknown');
    expect(seen).toEqual([reference]);
  });

  it.each<Treatment>([
    { is: 'accept-and-drop' },
    { is: 'accept-and-answer-500' },
    { is: 'accept-and-answer-unreadable' },
    { is: 'accept-and-answer-late', afterMs: 1_000 },
  ])('says unknown, and does not send again: $is', async (treatment) => {
    const { answer, reference, seen } = await place(treatment, { requestTimeoutMs: 300 });
    expect(answer.is).toBe('unknown');
    expect(seen).toEqual([reference]);
  });

  it('sends nothing once the dial budget has passed, on a kept connection too', async () => {
    await place({ is: 'accept' });
    const { answer, seen } = await place({ is: 'accept' }, { sendBeforeMs: performance.now() });
    expect(answer.is).toBe('not-sent');
    expect(seen).toEqual([]);
  });

  it('says not-sent when nobody listens', async () => {
    expect((await platform().unreachable.placeCall(callRequest(), sendLimits())).is).toBe('not-sent');
  });
}

function describeTest(platform: () => ProviderUnderTest): void {
  it('says whether they are taken, and no more than it knows', async () => {
    const { provider, stranger, unreachable } = platform();
    const answers = [provider, stranger, unreachable].map((asked) => asked.test(REQUEST_TIMEOUT_MS));
    expect((await Promise.all(answers)).map(({ is }) => is)).toEqual(['taken', 'refused', 'no-answer']);
  });
}

function describeLookUp(platform: () => ProviderUnderTest, place: Place): void {
  it.each<Treatment>([{ is: 'accept' }, { is: 'accept-and-drop' }])(
    'finds a call by its reference while it rings: $is',
    async (treatment) => {
      const { answer, reference } = await place(treatment);
      const found = await platform().provider.lookUp(reference, REQUEST_TIMEOUT_MS);
      expect(found).toEqual({
        is: 'found',
        callId: answer.is === 'accepted' ? answer.callId : expect.any(String),
        facts: [],
      });
    },
  );

  it('finds several calls with one question, and tells of each what it tells when asked for it alone', async () => {
    const { provider, unreachable } = platform();
    expect(provider.traits.findsPages).toBe(provider.lookUpPage !== undefined);
    if (!provider.lookUpPage) return;
    const first = await place({ is: 'accept-and-end' });
    const second = callRequest();
    await provider.placeCall(second, sendLimits());
    await platform().allWebhooks();
    const references = [first.reference, second.reference];
    const page = await provider.lookUpPage([...references, 'att_none'], REQUEST_TIMEOUT_MS);
    const told = references.map(async (reference) => {
      const alone = await provider.lookUp(reference, REQUEST_TIMEOUT_MS);
      return alone.is === 'found' && { reference, callId: alone.callId, facts: alone.facts };
    });
    expect(page).toEqual({ is: 'listed', found: await Promise.all(told) });
    expect((await unreachable.lookUpPage?.(references, REQUEST_TIMEOUT_MS))?.is).toBe('no-answer');
  });

  it('says absent of a reference that was never accepted', async () => {
    const { reference } = await place({ is: 'refuse', status: 422 });
    expect(await platform().provider.lookUp(reference, REQUEST_TIMEOUT_MS)).toEqual({ is: 'absent' });
  });

  it('says no-answer, never absent, when the platform cannot be asked', async () => {
    expect((await platform().unreachable.lookUp('att_1', REQUEST_TIMEOUT_MS)).is).toBe('no-answer');
  });
}

function describeHangUp(platform: () => ProviderUnderTest, place: Place): void {
  it('ends a ringing call, which is then told as cancelled, and may be repeated', async () => {
    const { answer, reference } = await place({ is: 'accept' });
    const callId = answer.is === 'accepted' ? answer.callId : '';
    const { provider } = platform();
    expect(await provider.hangUp(callId, REQUEST_TIMEOUT_MS)).toEqual({ is: 'hung-up' });
    expect(await provider.lookUp(reference, REQUEST_TIMEOUT_MS)).toMatchObject({
      is: 'found',
      facts: expect.arrayContaining([expect.objectContaining({ kind: 'ENDED', outcome: 'CANCELLED' })]),
    });
    expect((await provider.hangUp(callId, REQUEST_TIMEOUT_MS)).is).toMatch(/^(hung-up|gone)$/);
  });

  it('says gone of a call that does not exist', async () => {
    await place({ is: 'accept' });
    expect(await platform().provider.hangUp('call_none', REQUEST_TIMEOUT_MS)).toEqual({ is: 'gone' });
  });

  it('says no-answer when nobody listens, and of an id that could mean another page', async () => {
    expect((await platform().unreachable.hangUp('call_1', REQUEST_TIMEOUT_MS)).is).toBe('no-answer');
    expect((await platform().provider.hangUp('..', REQUEST_TIMEOUT_MS)).is).not.toBe('hung-up');
  });
}

function describeLists(platform: () => ProviderUnderTest): void {
  it('lists the agents and the from-numbers of the account', async () => {
    const { provider, offers } = platform();
    expect(await provider.listAgents(REQUEST_TIMEOUT_MS)).toEqual({ is: 'listed', items: offers.agents });
    expect(await provider.listNumbers(REQUEST_TIMEOUT_MS)).toEqual({ is: 'listed', items: offers.numbers });
  });

  it('says no-answer, never an empty list, when nobody listens', async () => {
    const { unreachable } = platform();
    expect((await unreachable.listAgents(REQUEST_TIMEOUT_MS)).is).toBe('no-answer');
    expect((await unreachable.listNumbers(REQUEST_TIMEOUT_MS)).is).toBe('no-answer');
  });
}

function describeWebhooks(platform: () => ProviderUnderTest, place: Place): void {
  const read = (webhook: ReceivedWebhook) => platform().provider.readWebhook({ method: 'POST', url: '', ...webhook });

  it('reads from webhooks exactly what the look-up tells, under the same keys', async () => {
    const { answer, reference } = await place({ is: 'accept-and-end' });
    const told = (await platform().allWebhooks()).map(read);
    const facts = told.flatMap((verdict) => (verdict.is === 'facts' ? verdict.facts : []));
    expect(told.map((verdict) => verdict.is)).toEqual(told.map(() => 'facts'));
    const found = await platform().provider.lookUp(reference, REQUEST_TIMEOUT_MS);
    expect(found).toEqual({ is: 'found', callId: facts[0]?.callId, facts: expect.any(Array) });
    expect(byKey(facts)).toEqual(byKey(found.is === 'found' ? found.facts : []));
    expect(new Set(facts.map((fact) => fact.eventKey)).size).toBe(facts.length);
    expect(answer).toEqual({ is: 'accepted', callId: facts[0]?.callId });
    expect(facts.map((fact) => fact.reference)).toEqual(facts.map(() => reference));
    expect(facts.find((fact) => fact.kind === 'ENDED')).toMatchObject({
      outcome: 'ANSWERED',
      durationMs: expect.any(Number),
    });
  });

  it('gives what is told again the same key, and what contradicts it another', async () => {
    await place({ is: 'accept-and-end' });
    const webhooks = await platform().allWebhooks();
    const factsOf = (told: ReceivedWebhook[]) =>
      told.flatMap((webhook) => {
        const verdict = read(webhook);
        return verdict.is === 'facts' ? verdict.facts : [];
      });
    const facts = factsOf(webhooks).filter(({ kind }) => kind !== 'STARTED');
    const again = factsOf(webhooks.map((told) => ({ ...told, receivedAtMs: told.receivedAtMs + 1 })));
    const others = factsOf(webhooks.map((told) => platform().contradict(told)));
    expect(facts.map(({ kind }) => kind).sort()).toEqual(['ANALYZED', 'ENDED']);
    for (const { eventKey, kind, callId, outcome, successful } of facts) {
      expect(again.find((fact) => fact.kind === kind)).toMatchObject({ eventKey, outcome, successful });
      const other = others.find((fact) => fact.kind === kind)!;
      expect(other).toMatchObject({ callId, eventKey: expect.not.stringContaining(eventKey) });
      expect([other.outcome, other.successful]).not.toEqual([outcome, successful]);
    }
  });

  describe('of which one is tampered with', () => {
    let good: ReceivedWebhook;
    beforeAll(async () => {
      await place({ is: 'accept-and-end' });
      good = (await platform().allWebhooks())[0] as ReceivedWebhook;
    });

    it('believes it as it came', () => expect(read(good).is).toBe('facts'));

    it('calls it forged when a byte of the body is changed', () => {
      const rawBody = Buffer.from(good.rawBody);
      rawBody[rawBody.length - 2] = 0x20;
      expect(read({ ...good, rawBody }).is).toBe('forged');
    });

    it('calls it forged when it is signed with nothing, nonsense, or long ago or ahead', () => {
      expect(read({ ...good, headers: {} }).is).toBe('forged');
      const nonsense = Object.fromEntries(Object.keys(good.headers).map((key) => [key, 'v=1,d=zz']));
      expect(read({ ...good, headers: nonsense }).is).toBe('forged');
      expect(read({ ...good, receivedAtMs: good.receivedAtMs + STALE_MS }).is).toBe('forged');
      expect(read({ ...good, receivedAtMs: good.receivedAtMs - STALE_MS }).is).toBe('forged');
    });

    it.each(['', 'null', '[]', '{"event":', '{"event":"call_ended"}', '\u0000'])(
      'calls a well-signed body that makes no sense malformed: %j',
      (text) => {
        const rawBody = Buffer.from(text);
        const headers = platform().sign(rawBody, good.receivedAtMs);
        expect(read({ rawBody, headers, receivedAtMs: good.receivedAtMs }).is).toBe('malformed');
      },
    );
  });
}

function byKey(facts: CallFact[]): CallFact[] {
  return [...facts].sort((a, b) => a.eventKey.localeCompare(b.eventKey));
}
