import type { AttemptRow, LedgerLine, RecipientRow } from '../evidence.js';
import { checkOperations } from './check-operations.js';
import type { Answered, KeyChange, OperationsEvidence, SideBatch } from './story.js';

const NOON = Date.UTC(2026, 8, 1, 12);
const second = (seconds: number): number => NOON + seconds * 1_000;
const phoneOf = (number: number): string => `+1202555010${number}`;
const call = (number: number, overrides: Partial<LedgerLine> = {}): LedgerLine => ({
  ...{ callId: `call_${number}`, reference: `att_${number}`, to: phoneOf(number), answeredStatus: 201 },
  ...{ receivedAtMs: second(number), endedAtMs: second(number) + 900, outcome: 'ANSWERED', webhooks: [] },
  ...overrides,
});
const attempt = (number: number, overrides: Partial<AttemptRow> = {}): AttemptRow => ({
  ...{ id: `att_${number}`, recipientId: `rcp_${number}`, number: 1, state: 'ENDED', outcome: 'ANSWERED' },
  ...{ spendsAttempt: true, slotHeld: false, dialingAtMs: second(number) - 5 },
  ...overrides,
});
const recipient = (number: number, overrides: Partial<RecipientRow> = {}): RecipientRow => ({
  ...{ id: `rcp_${number}`, phone: phoneOf(number), state: 'COMPLETED', attemptsSpent: 1 },
  ...overrides,
});
const answered = (overrides: Partial<Answered> = {}): Answered => ({
  ...{ askedMs: second(2), answeredMs: second(2) + 20, status: 200, code: null },
  ...overrides,
});
const keyChange = (overrides: Partial<KeyChange>): { keyChange: KeyChange } => ({
  keyChange: { ...answered(), account: 'other', inDoubt: 1, ...overrides },
});
const side = (overrides: Partial<SideBatch> = {}): SideBatch => ({
  ...{
    pair: 'edit with submit',
    batchId: 'bat_2',
    phones: [phoneOf(2)],
    ended: '',
    isConcurrent: true,
    isForbidden: false,
    kills: 0,
  },
  ...{ retryPolicy: {}, retriesGranted: 0, lastRetryMs: null, forbidden: [], answers: [], keyChange: null },
  ...{ status: 'COMPLETED', recipients: [recipient(2)], attempts: [attempt(2)] },
  ...overrides,
});
const evidence = (own: Partial<SideBatch> = {}, ledger = [call(1), call(2)]): OperationsEvidence => ({
  main: {
    rules: {
      ...{ phones: [phoneOf(1)], concurrencyLimit: 1, callsPerSecond: 1, retries: {} },
      ...{ closings: [{ fromMs: second(2) - 100, untilMs: second(60) }], pauses: [] },
    },
    ...{ batchStatus: 'COMPLETED', ledger: [call(1)], recipients: [recipient(1)], attempts: [attempt(1)] },
  },
  ledger,
  sides: [side(own)],
});

/** Recipient 2 is called twice, with these outcomes, and a batch retry between the two. */
function retried(outcomes: [string, string], overrides: Partial<SideBatch> = {}): OperationsEvidence {
  const again = { to: phoneOf(2), outcome: outcomes[1] };
  const stateOf = (outcome: string): string => (outcome === 'ANSWERED' ? 'COMPLETED' : 'NO_ANSWER');
  return evidence(
    {
      ...{ retriesGranted: 1, lastRetryMs: second(3) },
      recipients: [recipient(2, { state: stateOf(outcomes[1]) })],
      attempts: [
        attempt(2, { outcome: outcomes[0] }),
        attempt(4, { recipientId: 'rcp_2', number: 2, outcome: outcomes[1] }),
      ],
      ...overrides,
    },
    [call(1), call(2, { outcome: outcomes[0] }), call(4, again)],
  );
}

describe('checkOperations', () => {
  it('has nothing to say when every promise was kept', () => {
    expect(checkOperations(evidence())).toEqual([]);
    expect(checkOperations(retried(['NO_ANSWER', 'ANSWERED']))).toEqual([]);
    const forbidden = [{ fromMs: second(2) + 1, untilMs: second(9), why: 'its window forbade it' }];
    expect(checkOperations(evidence({ forbidden }))).toEqual([]);
  });

  it('takes refusals that are documented, and a cancelled batch that has nobody to be called again', () => {
    const refused = answered({ status: 409, code: 'nothing_to_retry' });
    const answers = [{ request: 'last retry', answered: refused, mayBeRefused: ['nothing_to_retry'] }];
    expect(checkOperations(evidence({ status: 'CANCELLED', answers }))).toEqual([]);
    const notSame = keyChange({ status: 409, code: 'provider_account_not_same', answeredMs: second(2) + 100 });
    expect(checkOperations(evidence(notSame))).toEqual([]);
  });

  it('has nothing to say of another account whose key was taken when no call was open all the while', () => {
    expect(checkOperations(evidence(keyChange({ askedMs: second(2) + 10, answeredMs: second(2) + 901 })))).toEqual([]);
  });

  it.each<[string, OperationsEvidence, string[]]>([
    ['a side batch did not end', evidence({ status: 'RUNNING' }), ['Lost: bat_2 (edit with submit) was left RUNNING']],
    [
      'a side batch was left cancelled though somebody could be called',
      evidence({ status: 'CANCELLED' }),
      ['Lost: bat_2 (edit with submit) was left CANCELLED'],
    ],
    [
      'an attempt was claimed while it was forbidden',
      evidence({ forbidden: [{ fromMs: second(2) - 5, untilMs: second(3), why: 'its window forbade it' }] }),
      ['Forbidden: att_2 (edit with submit) was claimed at 2026-09-01T12:00:01.995Z: its window forbade it'],
    ],
    [
      'a call began while it was forbidden, later than the dial budget',
      evidence({ forbidden: [{ fromMs: second(2) - 4, untilMs: second(3), why: 'it was CANCELLED' }] }, [
        call(1),
        call(2, { receivedAtMs: second(2) + 246 }),
      ]),
      ['Forbidden: +12025550102 (edit with submit) was called at 2026-09-01T12:00:02.246Z: it was CANCELLED'],
    ],
    [
      'a recipient was called more often than granted',
      retried(['NO_ANSWER', 'ANSWERED'], { retriesGranted: 0, recipients: [recipient(2, { attemptsSpent: 2 })] }),
      ['Retried too often: recipient rcp_2 has spent 2 attempts, but was granted 1'],
    ],
    [
      'attempts were counted that were not made',
      evidence({ recipients: [recipient(2, { attemptsSpent: 2 })] }),
      ['Miscounted: recipient rcp_2 has spent 1 attempts, but 2 are counted'],
    ],
    [
      'a recipient was called again after it had answered',
      retried(['ANSWERED', 'NO_ANSWER']),
      ['Retried too often: recipient rcp_2 was called again after ANSWERED'],
    ],
    [
      'a recipient that did not answer was left out of a batch retry',
      evidence(
        {
          ...{ retriesGranted: 1, lastRetryMs: second(3) },
          recipients: [recipient(2, { state: 'NO_ANSWER' })],
          attempts: [attempt(2, { outcome: 'BUSY' })],
        },
        [call(1), call(2, { outcome: 'BUSY' })],
      ),
      ['Not retried: recipient rcp_2 was not called again'],
    ],
    [
      'a request was answered with what nobody expects',
      evidence({
        answers: [
          { request: 'submit', answered: answered({ status: 409, code: 'batch_incomplete' }), mayBeRefused: [] },
        ],
      }),
      ['Not answered: submit (edit with submit) got 409 batch_incomplete'],
    ],
    [
      'the key of another account was taken while a call was open',
      evidence(keyChange({ askedMs: second(2) + 10, answeredMs: second(2) + 899 })),
      ['Wrong key: that of another account was taken at 2026-09-01T12:00:02.899Z while att_2 was open'],
    ],
    [
      'somebody was called twice in a side batch',
      evidence({}, [call(1), call(2), call(2, { receivedAtMs: second(5), endedAtMs: second(6) })]),
      [
        'Called twice: attempt att_2 has 2 calls at the carrier',
        'Called too often: recipient rcp_2 was called 2 times in 1 attempts',
      ],
    ],
    [
      'a recipient of a side batch is missing',
      evidence({ recipients: [], attempts: [] }, [call(1)]),
      ['Lost: +12025550102 was uploaded 1 times, but 0 recipients have it'],
    ],
    [
      'somebody was called for an attempt of no batch',
      evidence({}, [call(1), call(2), call(9)]),
      ["Lost: +12025550109 was called for att_9, which is nobody's attempt"],
    ],
    [
      'a result of a side batch differs from what the carrier saw',
      evidence({}, [call(1), call(2, { outcome: 'VOICEMAIL' })]),
      [
        'Wrong result: attempt att_2 ended ANSWERED, but its call ended VOICEMAIL',
        'Wrong result: recipient rcp_2 is COMPLETED, but its last call ended VOICEMAIL',
      ],
    ],
    [
      'a forged event of a side batch was accepted',
      evidence({}, [
        call(1),
        call(2, { webhooks: [{ event: 'forged', attempts: 1, deliveredAtMs: NOON, lastStatus: 204 }] }),
      ]),
      ['Forged: an event of call call_2 with a wrong signature was accepted'],
    ],
    [
      'all batches together claimed faster than allowed',
      evidence({ attempts: [attempt(2, { dialingAtMs: second(1) + 994 })] }),
      ['Too fast: 2 attempts were claimed within one second; 1 are allowed'],
    ],
    [
      'calls of two batches were live at once above the limit',
      evidence({}, [call(1, { endedAtMs: second(2) + 1 }), call(2)]),
      ['Over the limit: 2 calls were live at once; 1 are allowed'],
    ],
  ])('names what went wrong when %s', (_, broken, problems) => {
    expect(checkOperations(broken)).toEqual(problems);
  });
});
