import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { send, startTestApi, type TestApi } from '../support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

const ask = (json: Record<string, unknown>) => send(api, 'canCallNow', { json, key: api.keys.viewer });
const WINDOW = { monday: [['09:00', '22:00']] };

describe('POST /v1/can-call-now', () => {
  it('says no with the reason in each zone, and when next', async () => {
    const { status, body } = await ask({
      phoneNumber: '+1 850 222 0123',
      hoursIn: 'recipient',
      window: WINDOW,
      at: '2026-06-01T13:30:00Z',
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      allowed: false,
      at: '2026-06-01T13:30:00.000Z',
      reasons: [expect.objectContaining({ code: 'OUTSIDE_WINDOW', zone: 'America/Chicago' })],
      nextAt: '2026-06-01T14:00:00.000Z',
      zones: ['America/Chicago', 'America/New_York'],
      confidence: 'number',
      source: 'area code 850',
      lawfulRules: [],
    });
  });

  it('keeps the lawful hours of a purpose, also without a window and in the hours of a batch', async () => {
    const request = { phoneNumber: '+12125550123', purpose: 'telemarketing', at: '2026-06-01T21:30:00-04:00' };
    for (const hours of [{ hoursIn: 'recipient' }, { hoursIn: 'batch', timeZone: 'Asia/Tokyo' }]) {
      const { body } = await ask({ ...request, ...hours });
      expect(body).toMatchObject({
        allowed: false,
        reasons: [{ code: 'LAWFUL_HOURS', zone: 'America/New_York' }],
        nextAt: '2026-06-02T12:00:00.000Z',
        lawfulRules: ['us-federal-telemarketing'],
      });
    }
    expect((await ask({ ...request, purpose: 'informational', hoursIn: 'recipient' })).body.allowed).toBe(true);
  });

  it('closes blackout dates and public holidays where the called party is', async () => {
    const request = { phoneNumber: '+4930123456', hoursIn: 'recipient', at: '2026-12-24T23:30:00Z' };
    const holidays = [{ country: 'DE', region: 'BY' }];
    const { body } = await ask({ ...request, holidays });
    expect(body).toMatchObject({ reasons: [{ code: 'PUBLIC_HOLIDAY' }], nextAt: '2026-12-26T23:00:00.000Z' });
    const blackout = await ask({ ...request, blackoutDates: ['2026-12-25'] });
    expect(blackout.body).toMatchObject({ reasons: [{ code: 'BLACKOUT_DATE' }], nextAt: '2026-12-25T23:00:00.000Z' });
  });

  it('takes the time zone of the called party before that of the number', async () => {
    const { body } = await ask({
      phoneNumber: '+12125550123',
      hoursIn: 'recipient',
      recipientTimeZone: 'Asia/Tokyo',
      window: WINDOW,
      at: '2026-06-01T01:00:00Z',
    });
    expect(body).toMatchObject({ allowed: true, confidence: 'recipient', zones: ['Asia/Tokyo'] });
  });

  it('holds a number of which nobody knows where it rings', async () => {
    const { body } = await ask({ phoneNumber: '+80012345678', hoursIn: 'recipient' });
    expect(body).toMatchObject({ allowed: false, reasons: [{ code: 'TIME_ZONE_UNKNOWN' }], nextAt: null, zones: [] });
  });

  it('asks about this instant when none is given', async () => {
    const { body } = await ask({ phoneNumber: '+12125550123', hoursIn: 'recipient' });
    expect(body).toMatchObject({ allowed: true, nextAt: body.at });
    expect(Math.abs(Date.parse(body.at as string) - Date.now())).toBeLessThan(60_000);
  });

  it.each([
    ['hours of a batch without their zone', { hoursIn: 'batch' }, 'timeZone'],
    ['a zone that does not exist', { timeZone: 'Europe/Atlantis' }, 'timeZone'],
    ['a date that does not exist', { blackoutDates: ['2026-02-30'] }, 'blackoutDates[0]'],
    ['a country without known holidays', { holidays: [{ country: 'XX' }] }, 'holidays[0].country'],
    ['a region that the country does not have', { holidays: [{ country: 'DE', region: 'XX' }] }, 'holidays[0].region'],
    ['an unknown purpose', { purpose: 'fun' }, 'purpose'],
    ['an instant without an offset', { at: '2026-06-01T09:00:00' }, 'at'],
    ['what is no number', { phoneNumber: '12a' }, 'phoneNumber'],
  ])('refuses %s, and names the field', async (_what, change, field) => {
    const { status, problem } = await ask({ phoneNumber: '+12125550123', hoursIn: 'recipient', ...change });
    expect([status, problem.code]).toEqual([422, 'validation_failed']);
    expect(problem.errors.map((error) => error.field)).toContain(field);
  });
});
