import { checkPromises, type CarrierCall, type Evidence, type RecipientResult } from './check-promises.js';

const NOON = Date.UTC(2026, 8, 1, 12);
const call = (number: number, overrides: Partial<CarrierCall> = {}): CarrierCall => ({
  reference: `att_${number}`,
  to: `+1202555010${number}`,
  acceptedAtMs: NOON + number * 1_000,
  endedAtMs: NOON + number * 1_000 + 1_500,
  outcome: 'ANSWERED',
  ...overrides,
});
const recipient = (number: number, overrides: Partial<RecipientResult> = {}): RecipientResult => ({
  id: `rcp_${number}`,
  phone: `+1202555010${number}`,
  status: 'COMPLETED',
  attempts: [{ id: `att_${number}`, state: 'ENDED', outcome: 'ANSWERED' }],
  ...overrides,
});
const evidence = (overrides: Partial<Evidence> = {}): Evidence => ({
  calls: [call(1), call(2), call(3)],
  recipients: [recipient(1), recipient(2), recipient(3)],
  concurrencyLimit: 2,
  isAllowedAt: (instantMs) => instantMs >= NOON && instantMs < NOON + 3_600_000,
  pauses: [],
  ...overrides,
});

describe('checkPromises', () => {
  it('has nothing to say when every promise was kept', () => {
    expect(checkPromises(evidence())).toEqual([]);
  });

  it.each<[string, Partial<Evidence>, string[]]>([
    [
      'one attempt reached the carrier twice',
      { calls: [call(1), call(1, { acceptedAtMs: NOON + 9_000, endedAtMs: NOON + 9_500 }), call(2), call(3)] },
      [
        'Called twice: attempt att_1 has 2 calls at the carrier',
        'Called too often: +12025550101 was called 2 times in 1 attempts',
      ],
    ],
    [
      'a number was called more often than it has attempts',
      {
        calls: [call(1), call(2), call(3), call(4, { to: '+12025550101', reference: 'att_1b' })],
        recipients: [
          recipient(1),
          recipient(2),
          recipient(3, {
            attempts: [
              { id: 'att_3', state: 'ENDED', outcome: 'ANSWERED' },
              { id: 'att_1b', state: 'NOT_PLACED', outcome: null },
            ],
          }),
        ],
      },
      ['Called too often: +12025550101 was called 2 times in 1 attempts'],
    ],
    [
      'a call began before the window opened',
      { calls: [call(1, { acceptedAtMs: NOON - 1 }), call(2), call(3)] },
      ['Outside the hours: +12025550101 was called at 2026-09-01T11:59:59.999Z'],
    ],
    [
      'a call began while the batch was paused',
      { pauses: [{ fromMs: NOON + 1_500, untilMs: NOON + 2_500 }] },
      ['While paused: +12025550102 was called at 2026-09-01T12:00:02.000Z'],
    ],
    [
      'a recipient was left waiting',
      { recipients: [recipient(1), recipient(2), recipient(3), recipient(4, { status: 'PENDING', attempts: [] })] },
      ['Lost: recipient rcp_4 was left PENDING'],
    ],
    [
      'a recipient is settled without a call',
      { recipients: [recipient(1), recipient(2), recipient(3), recipient(4, { attempts: [] })] },
      ['Lost: recipient rcp_4 is COMPLETED but was never called'],
    ],
    [
      'the carrier has a call that nobody knows',
      { recipients: [recipient(1), recipient(2), recipient(3, { status: 'FAILED', attempts: [] })] },
      [
        'Called too often: +12025550103 was called 1 times in 0 attempts',
        'Lost: the carrier called +12025550103 for an attempt that no recipient has (att_3)',
      ],
    ],
    [
      'a result differs from what the carrier saw',
      { calls: [call(1), call(2, { outcome: 'BUSY' }), call(3)] },
      ['Wrong result: recipient rcp_2 is COMPLETED, but its call ended BUSY'],
    ],
    [
      'more calls were live than allowed',
      { calls: [call(1, { endedAtMs: NOON + 5_000 }), call(2, { endedAtMs: NOON + 5_000 }), call(3)] },
      ['Over the limit: 3 calls were live at once; 2 are allowed'],
    ],
  ])('names what went wrong when %s', (_, broken, problems) => {
    expect(checkPromises(evidence(broken))).toEqual(problems);
  });

  it('allows a request that was claimed just before the window closed to arrive within the dial budget', () => {
    const last = NOON + 3_600_000 + 100;
    expect(
      checkPromises(evidence({ calls: [call(1, { acceptedAtMs: last, endedAtMs: last + 1 }), call(2), call(3)] })),
    ).toEqual([]);
  });
});
