import { OUTCOME_OF_END_REASON } from './end-reasons.js';
import { planCall, strikes } from './plan-call.js';
import { DEFAULT_SETTINGS, patchSettings, type SettingsPatch } from './settings.js';

const LIMITS = { ringLimitMs: 45_000, callLengthMaxMs: 3_600_000 };
const KEY = { to: '+12025550123', ordinal: 0 };

function settingsWith(patch: SettingsPatch) {
  return patchSettings(DEFAULT_SETTINGS, patch);
}

describe('planCall', () => {
  it('mixes outcomes as the weights say', () => {
    const counts: Record<string, number> = {};
    for (let index = 0; index < 10_000; index++) {
      const { endReason } = planCall(DEFAULT_SETTINGS, { to: `+1202${String(5_550_000 + index)}`, ordinal: 0 }, LIMITS);
      const outcome = OUTCOME_OF_END_REASON[endReason];
      counts[outcome] = (counts[outcome] ?? 0) + 1;
    }
    for (const [outcome, weight] of Object.entries(DEFAULT_SETTINGS.outcomes)) {
      expect(Math.abs((counts[outcome] ?? 0) / 100 - weight)).toBeLessThan(2);
    }
  });

  it('rings no longer than the ring limit: what would be answered later is not answered', () => {
    const settings = settingsWith({ outcomes: { ANSWERED: 1 }, ringMs: { min: 10_000, max: 10_000 } });
    expect(planCall(settings, KEY, { ...LIMITS, ringLimitMs: 9_999 })).toMatchObject({
      ringMs: 9_999,
      talkMs: null,
      endReason: 'dial_no_answer',
    });
    expect(planCall(settings, KEY, { ...LIMITS, ringLimitMs: 10_000 })).toMatchObject({
      ringMs: 10_000,
      talkMs: expect.any(Number),
    });
  });

  it('cuts a call at the maximum length, which it still counts as answered', () => {
    const settings = settingsWith({
      outcomes: { ANSWERED: 1 },
      ringMs: { min: 0, max: 0 },
      callLength: { is: 'fixed', ms: 5_000 },
    });
    expect(planCall(settings, KEY, { ...LIMITS, callLengthMaxMs: 4_000 })).toMatchObject({
      talkMs: 4_000,
      endReason: 'max_duration_reached',
    });
    expect(planCall(settings, KEY, LIMITS)).toMatchObject({
      talkMs: 5_000,
      endReason: expect.stringMatching(/^(user|agent)_hangup$/),
    });
  });

  it('lets one number be set apart', () => {
    const settings = settingsWith({
      numbers: { [KEY.to]: { outcome: 'VOICEMAIL', ringMs: 7, callLengthMs: 9, faults: { webhookLoss: 1 } } },
    });
    expect(planCall(settings, KEY, LIMITS)).toMatchObject({ ringMs: 7, talkMs: 9, endReason: 'voicemail_reached' });
    expect(strikes(settings, 'webhookLoss', KEY)).toBe(true);
    expect(strikes(settings, 'webhookLoss', { ...KEY, to: '+12025550124' })).toBe(false);
  });
});

describe('patchSettings', () => {
  it('merges faults and replaces the rest', () => {
    const once = settingsWith({ faults: { answer429: 0.5 }, outcomes: { BUSY: 1 } });
    const twice = patchSettings(once, { faults: { answer500: 0.25 } });
    expect(twice.faults).toMatchObject({ answer429: 0.5, answer500: 0.25, webhookLoss: 0 });
    expect(twice.outcomes).toEqual({ BUSY: 1 });
  });

  it.each([
    [{ fautls: {} }],
    [{ faults: { answer429: 2 } }],
    [{ speed: 0 }],
    [{ outcomes: { BUSY: 0 } }],
    [{ outcomes: { CANCELLED: 1 } }],
    [undefined],
  ])('refuses %j', (patch) => expect(() => patchSettings(DEFAULT_SETTINGS, patch)).toThrow(/./));
});
