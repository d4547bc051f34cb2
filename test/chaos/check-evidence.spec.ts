import { checkEvidence } from './check-evidence.js';
import { mostInOneSecond } from './check-instants.js';
import type { AttemptRow, Evidence, LedgerLine, RecipientRow, Rules } from './evidence.js';

const NOON = Date.UTC(2026, 8, 1, 12);
const phoneOf = (number: number): string => `+1202555010${number}`;
const call = (number: number, overrides: Partial<LedgerLine> = {}): LedgerLine => ({
  callId: `call_${number}`,
  reference: `att_${number}`,
  to: phoneOf(number),
  receivedAtMs: NOON + number * 1_000,
  answeredStatus: 201,
  endedAtMs: NOON + number * 1_000 + 1_500,
  outcome: 'ANSWERED',
  webhooks: [],
  ...overrides,
});
const attempt = (number: number, overrides: Partial<AttemptRow> = {}): AttemptRow => ({
  id: `att_${number}`,
  recipientId: `rcp_${number}`,
  number: 1,
  state: 'ENDED',
  outcome: 'ANSWERED',
  spendsAttempt: true,
  slotHeld: false,
  dialingAtMs: NOON + number * 1_000 - 5,
  ...overrides,
});
const recipient = (number: number, overrides: Partial<RecipientRow> = {}): RecipientRow => ({
  id: `rcp_${number}`,
  phone: phoneOf(number),
  state: 'COMPLETED',
  attemptsSpent: 1,
  ...overrides,
});
const RULES: Rules = {
  phones: [1, 2, 3].map(phoneOf),
  concurrencyLimit: 2,
  callsPerSecond: 2,
  retries: { BUSY: { attempts: 2, delayMs: 2_000 } },
  closings: [{ fromMs: NOON + 60_000, untilMs: NOON + 120_000 }],
  pauses: [{ fromMs: NOON + 10_000, untilMs: NOON + 20_000 }],
};
const rules = (overrides: Partial<Rules>): { rules: Rules } => ({ rules: { ...RULES, ...overrides } });
const evidence = (overrides: Partial<Evidence> = {}): Evidence => ({
  rules: RULES,
  batchStatus: 'COMPLETED',
  ledger: [call(1), call(2), call(3)],
  recipients: [recipient(1), recipient(2), recipient(3)],
  attempts: [attempt(1), attempt(2), attempt(3)],
  ...overrides,
});

/** Recipient 3 is busy, and called again `afterMs` after its call. */
function retried(afterMs: number, outcomes: [string, string] = ['BUSY', 'ANSWERED']): Partial<Evidence> {
  const first = call(3, { outcome: outcomes[0], endedAtMs: NOON + 3_000 });
  const againMs = NOON + 3_000 + afterMs;
  const second = call(4, { to: phoneOf(3), outcome: outcomes[1], receivedAtMs: againMs, endedAtMs: againMs });
  return {
    ledger: [call(1), call(2), first, second],
    recipients: [recipient(1), recipient(2), recipient(3, { attemptsSpent: 2 })],
    attempts: [
      ...[attempt(1), attempt(2), attempt(3, { outcome: outcomes[0] })],
      attempt(4, { recipientId: 'rcp_3', number: 2, outcome: outcomes[1], dialingAtMs: againMs }),
    ],
  };
}

describe('checkEvidence', () => {
  it('has nothing to say when every promise was kept', () => {
    expect(checkEvidence(evidence())).toEqual([]);
    expect(checkEvidence(evidence(retried(2_000)))).toEqual([]);
  });

  it('has nothing to say of requests that made no call, and of attempts that spent nothing for them', () => {
    const refused = call(0, { callId: null, to: phoneOf(1), answeredStatus: 429, endedAtMs: null, outcome: null });
    const dropped = { ...refused, reference: 'att_9', answeredStatus: null, receivedAtMs: NOON + 9_000 };
    const nothing = { recipientId: 'rcp_1', number: 0, spendsAttempt: false };
    const attempts = [
      attempt(0, { ...nothing, outcome: 'PROVIDER_ERROR' }),
      attempt(9, { ...nothing, state: 'NOT_PLACED', outcome: null }),
    ];
    const base = evidence();
    expect(
      checkEvidence({
        ...base,
        ledger: [refused, ...base.ledger, dropped],
        attempts: [...attempts, ...base.attempts],
      }),
    ).toEqual([]);
  });

  it.each<[string, Partial<Evidence>, string[]]>([
    [
      'one attempt has two calls',
      { ledger: [call(1), call(1, { receivedAtMs: NOON + 9_000, endedAtMs: NOON + 9_500 }), call(2), call(3)] },
      [
        'Called twice: attempt att_1 has 2 calls at the carrier',
        'Called too often: recipient rcp_1 was called 2 times in 1 attempts',
      ],
    ],
    [
      'an attempt that is said not to have been placed has a call',
      { attempts: [attempt(1, { state: 'NOT_PLACED', outcome: null, spendsAttempt: false }), attempt(2), attempt(3)] },
      [
        'Called too often: recipient rcp_1 was called 1 times in 0 attempts',
        'Wrong result: attempt att_1 is NOT_PLACED and spends 0, but has a call',
        'Lost: recipient rcp_1 is COMPLETED, but no call of its last attempt ended',
        'Miscounted: recipient rcp_1 has spent 0 attempts, but 1 are counted',
      ],
    ],
    ['the batch did not end', { batchStatus: 'RUNNING' }, ['Lost: the batch was left RUNNING']],
    [
      'a number that was uploaded has no recipient',
      rules({ phones: [1, 2, 3, 4].map(phoneOf) }),
      ['Lost: +12025550104 was uploaded 1 times, but 0 recipients have it'],
    ],
    [
      'a number that was uploaded once is there twice',
      {
        ledger: [call(1), call(2), call(3), call(4, { to: phoneOf(1), receivedAtMs: NOON + 5_000 })],
        recipients: [recipient(1), recipient(2), recipient(3), recipient(4, { phone: phoneOf(1) })],
        attempts: [attempt(1), attempt(2), attempt(3), attempt(4)],
      },
      ['Lost: +12025550101 was uploaded 1 times, but 2 recipients have it'],
    ],
    [
      'somebody was called for an attempt of nobody',
      { ledger: [call(1), call(2), call(3), call(9)] },
      ["Lost: +12025550109 was called for att_9, which is nobody's attempt"],
    ],
    [
      'somebody else was called for an attempt',
      { ledger: [call(1), call(2), call(3, { to: phoneOf(9) })] },
      ['Wrong number: +12025550109 was called for att_3, an attempt of +12025550103'],
    ],
    [
      'a recipient was left waiting',
      { recipients: [recipient(1), recipient(2), recipient(3, { state: 'WAITING' })] },
      ['Wrong result: recipient rcp_3 is WAITING, but its last call ended ANSWERED'],
    ],
    [
      'a recipient was settled without a call',
      { ledger: [call(1), call(2)], attempts: [attempt(1), attempt(2)] },
      [
        'Lost: recipient rcp_3 is COMPLETED, but no call of its last attempt ended',
        'Miscounted: recipient rcp_3 has spent 0 attempts, but 1 are counted',
      ],
    ],
    [
      'an attempt was spent without a call',
      { ledger: [call(1), call(2)] },
      [
        'Spent for nothing: attempt att_3 is ENDED, but has no call',
        'Lost: recipient rcp_3 is COMPLETED, but no call of its last attempt ended',
      ],
    ],
    [
      'a result differs from what the carrier saw',
      { ledger: [call(1), call(2), call(3, { outcome: 'DECLINED' })] },
      [
        'Wrong result: attempt att_3 ended ANSWERED, but its call ended DECLINED',
        'Wrong result: recipient rcp_3 is COMPLETED, but its last call ended DECLINED',
      ],
    ],
    [
      'a slot was kept',
      { attempts: [attempt(1), attempt(2), attempt(3, { slotHeld: true })] },
      ['Slot leaked: attempt att_3 still holds one'],
    ],
    [
      'a forged event was accepted',
      {
        ledger: [
          ...[call(1), call(2)],
          call(3, { webhooks: [{ event: 'forged', attempts: 1, deliveredAtMs: NOON, lastStatus: 200 }] }),
        ],
      },
      ['Forged: an event of call call_3 with a wrong signature was accepted'],
    ],
    [
      'a recipient was called again after an outcome that is final',
      retried(2_000, ['DECLINED', 'ANSWERED']),
      ['Retried too often: recipient rcp_3 was called again after DECLINED number 1'],
    ],
    [
      'a recipient was called again too soon',
      retried(1_999),
      ['Retried too soon: recipient rcp_3 was called again less than 2000 ms after its call'],
    ],
    [
      'a recipient that was busy was not called again',
      {
        ledger: [call(1), call(2), call(3, { outcome: 'BUSY' })],
        recipients: [recipient(1), recipient(2), recipient(3, { state: 'NO_ANSWER' })],
        attempts: [attempt(1), attempt(2), attempt(3, { outcome: 'BUSY' })],
      },
      ['Not retried: recipient rcp_3 was not called again after BUSY number 1'],
    ],
    [
      'an attempt was claimed while the window was closed',
      { attempts: [attempt(1), attempt(2), attempt(3, { dialingAtMs: NOON + 60_000 })] },
      ['Outside the hours: attempt att_3 was claimed at 2026-09-01T12:01:00.000Z'],
    ],
    [
      'a call began while the window was closed',
      { ledger: [call(1), call(2), call(3, { receivedAtMs: NOON + 119_999, endedAtMs: NOON + 121_000 })] },
      ['Outside the hours: +12025550103 was called at 2026-09-01T12:01:59.999Z'],
    ],
    [
      'a call began while the batch was paused',
      { ledger: [call(1), call(2), call(3, { receivedAtMs: NOON + 10_250, endedAtMs: NOON + 11_000 })] },
      ['While paused: +12025550103 was called at 2026-09-01T12:00:10.250Z'],
    ],
    [
      'attempts were claimed faster than allowed',
      { attempts: [1, 2, 3].map((number) => attempt(number, { dialingAtMs: NOON + number * 499 })) },
      ['Too fast: 3 attempts were claimed within one second; 2 are allowed'],
    ],
    [
      'requests arrived faster than allowed',
      {
        ledger: [1, 2, 3, 4].map((number) =>
          call(Math.min(number, 3), {
            callId: number < 4 ? `call_${number}` : null,
            receivedAtMs: NOON + number * 200,
            endedAtMs: NOON + number * 200 + 300,
          }),
        ),
      },
      ['Too fast: 4 requests reached the carrier within one second; 2 are allowed'],
    ],
    [
      'more calls were live than allowed',
      { ledger: [1, 2, 3].map((number) => call(number, { endedAtMs: NOON + 5_000 })) },
      ['Over the limit: 3 calls were live at once; 2 are allowed'],
    ],
    [
      'a number was in two calls at once',
      {
        ...rules({ phones: [phoneOf(1), phoneOf(1), phoneOf(3)] }),
        ledger: [call(1), call(2, { to: phoneOf(1) }), call(3)],
        recipients: [recipient(1), recipient(2, { phone: phoneOf(1) }), recipient(3)],
      },
      ['Two at once: +12025550101 was in two calls at the same time'],
    ],
  ])('names what went wrong when %s', (_, broken, problems) => {
    expect(checkEvidence(evidence(broken))).toEqual(problems);
  });

  it('allows what was claimed just before a closing or a pause to arrive within the dial budget', () => {
    const late = (atMs: number): Partial<LedgerLine> => ({ receivedAtMs: atMs, endedAtMs: atMs + 1 });
    const ledger = [call(1), call(2, late(NOON + 10_249)), call(3, late(NOON + 60_249))];
    expect(checkEvidence(evidence({ ledger }))).toEqual([]);
  });
});

describe('mostInOneSecond', () => {
  it.each([
    [[], 0],
    [[7], 1],
    [[0, 1_000, 2_000], 1],
    [[2_000, 0, 999, 1_000, 1_998], 3],
  ])('of %j is %d', (instants, most) => {
    expect(mostInOneSecond(instants)).toBe(most);
  });
});
