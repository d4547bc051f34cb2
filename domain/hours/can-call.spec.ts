import { canCall, type CanCallInput } from './can-call.js';
import { RULE_PACKS } from './rule-packs/rule-packs.js';
import { ALWAYS, type CallWindow } from './window.js';

const at = (text: string) => Date.parse(`${text}Z`);
const NINE_TO_FIVE: CallWindow = { monday: [['09:00', '17:00']], tuesday: [['09:00', '17:00']] };
const NEW_YORK = '+12125550123';
const UNKNOWN = '+80012345678';

function ask(overrides: Partial<CanCallInput>) {
  return canCall({
    phone: NEW_YORK,
    rule: { window: NINE_TO_FIVE },
    hoursIn: 'recipient',
    batchZone: null,
    lawful: [],
    atMs: at('2026-06-01T14:00'),
    ...overrides,
  });
}

const codes = (answer: ReturnType<typeof ask>) =>
  answer.reasons.map(({ code, zone }) => (zone ? [code, zone] : [code]));

describe('canCall', () => {
  it('allows a call inside the hours, now', () => {
    expect(ask({})).toEqual({
      allowed: true,
      reasons: [],
      zones: ['America/New_York'],
      confidence: 'number',
      source: 'area code 212',
      nextMs: at('2026-06-01T14:00'),
    });
  });

  it('says the local time of a zone that is outside the window, and when it is next inside', () => {
    const answer = ask({ atMs: at('2026-06-01T12:30') });
    expect(answer).toMatchObject({ allowed: false, nextMs: at('2026-06-01T13:00') });
    expect(answer.reasons).toEqual([
      {
        code: 'OUTSIDE_WINDOW',
        zone: 'America/New_York',
        message: 'It is 08:30 on Monday, 2026-06-01, in America/New_York: outside the window.',
      },
    ]);
  });

  it('names only the zones of a number that forbid the call', () => {
    const answer = ask({ phone: '+18502220123', atMs: at('2026-06-01T13:30') });
    expect(codes(answer)).toEqual([['OUTSIDE_WINDOW', 'America/Chicago']]);
    expect(answer.nextMs).toBe(at('2026-06-01T14:00'));
  });

  it('tells a blackout date from a public holiday, and both from the window', () => {
    const rule = { window: NINE_TO_FIVE, blackoutDates: ['2026-06-01'], holidays: [{ country: 'US' }] };
    expect(codes(ask({ rule }))).toEqual([['BLACKOUT_DATE', 'America/New_York']]);
    expect(codes(ask({ rule, atMs: at('2026-05-25T14:00') }))).toEqual([['PUBLIC_HOLIDAY', 'America/New_York']]);
    expect(codes(ask({ rule, atMs: at('2026-05-25T02:00') }))).toEqual([['OUTSIDE_WINDOW', 'America/New_York']]);
    expect(ask({ rule }).nextMs).toBe(at('2026-06-02T13:00'));
  });

  it('reads the window in the zone of the batch, and the law at the place of the called party', () => {
    const batch = { hoursIn: 'batch', batchZone: 'Europe/Madrid', lawful: RULE_PACKS } as const;
    const atMs = at('2026-06-01T09:00'); // 11:00 in Madrid, 05:00 in New York
    const answer = ask({ ...batch, atMs });
    expect(codes(answer)).toEqual([['LAWFUL_HOURS', 'America/New_York']]);
    expect(answer.reasons[0]?.message).toContain('47 CFR 64.1200(c)(1)');
    expect(answer.nextMs).toBe(at('2026-06-01T12:00'));
    expect(ask({ ...batch, phone: '+34612345678', atMs }).allowed).toBe(true);
    expect(ask({ ...batch, lawful: [], atMs }).allowed).toBe(true);
  });

  it('takes the zone of the row before that of the number', () => {
    const answer = ask({ recipientZone: 'Asia/Tokyo', atMs: at('2026-06-01T07:00') });
    expect(answer).toMatchObject({ allowed: true, zones: ['Asia/Tokyo'], confidence: 'recipient' });
  });

  it('holds a call to a place that nobody knows, unless the hours are the batch’s and no law is to be kept', () => {
    const unknown = { phone: UNKNOWN, atMs: at('2026-06-01T10:00') };
    const batch = { ...unknown, hoursIn: 'batch', batchZone: 'Europe/Madrid' } as const;
    for (const held of [unknown, { ...unknown, batchZone: 'Europe/Madrid' }, { ...batch, lawful: RULE_PACKS }]) {
      const answer = ask(held);
      expect(answer).toMatchObject({ allowed: false, zones: [], confidence: 'unknown', nextMs: null });
      expect(codes(answer)).toEqual([['TIME_ZONE_UNKNOWN']]);
    }
    expect(ask(batch)).toMatchObject({ allowed: true, zones: [] });
    expect(ask({ ...unknown, batchZone: 'Europe/Madrid', unknownZone: 'batch' }).allowed).toBe(true);
    expect(codes(ask({ ...batch, batchZone: null }))).toEqual([['TIME_ZONE_UNKNOWN']]);
  });

  it('has no next instant for zones that are never open together', () => {
    const rule = { window: { monday: [['09:00', '10:00']] } as CallWindow };
    expect(ask({ phone: '+61412345678', rule })).toMatchObject({ allowed: false, nextMs: null });
    expect(ask({ phone: '+61412345678', rule: { window: ALWAYS } }).allowed).toBe(true);
  });
});
