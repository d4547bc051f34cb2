import { resolveStart, startSchema, START_AHEAD_MAX_MS } from './start-time.js';

const NOW_MS = Date.parse('2026-01-15T12:00:00Z');
const MADRID = 'Europe/Madrid';

function resolve(at: string, timeZone = MADRID) {
  return resolveStart({ start: { at }, timeZone, nowMs: NOW_MS });
}

describe('resolveStart', () => {
  it('starts now when asked to', () => {
    expect(resolveStart({ start: 'now', timeZone: MADRID, nowMs: NOW_MS })).toEqual({ ok: true, startMs: NOW_MS });
  });

  it.each([
    ['a local winter time', '2026-02-01T09:00', MADRID, '2026-02-01T08:00:00Z'],
    ['a local summer time', '2026-07-01T09:00', MADRID, '2026-07-01T07:00:00Z'],
    ['a local time with seconds', '2026-07-01T09:00:30.250', MADRID, '2026-07-01T07:00:30.250Z'],
    ['a UTC time', '2026-07-01T09:00:00Z', MADRID, '2026-07-01T09:00:00Z'],
    ['a time with its own offset', '2026-07-01T09:00-05:00', MADRID, '2026-07-01T14:00:00Z'],
    ['the minute before the clock skips', '2026-03-29T01:59', MADRID, '2026-03-29T00:59:00Z'],
    ['the minute after the clock skips', '2026-03-29T03:00', MADRID, '2026-03-29T01:00:00Z'],
    ['the earlier of a repeated time', '2026-10-25T02:30', MADRID, '2026-10-25T00:30:00Z'],
    ['the earlier of a repeated time in New York', '2026-11-01T01:30', 'America/New_York', '2026-11-01T05:30:00Z'],
    ['the earlier of a repeated half hour', '2026-04-05T01:45', 'Australia/Lord_Howe', '2026-04-04T14:45:00Z'],
    ['a time beyond UTC+12', '2026-06-01T00:00', 'Pacific/Kiritimati', '2026-05-31T10:00:00Z'],
  ])('reads %s', (_what, at, timeZone, expected) => {
    expect(resolve(at, timeZone)).toEqual({ ok: true, startMs: Date.parse(expected) });
  });

  it.each([
    ['2026-03-29T02:30', MADRID],
    ['2026-03-29T02:00', MADRID],
    ['2026-03-08T02:59', 'America/New_York'],
    ['2026-10-04T02:15', 'Australia/Lord_Howe'],
  ])('refuses %s, which the clock in %s skips', (at, timeZone) => {
    expect(resolve(at, timeZone)).toMatchObject({
      ok: false,
      code: 'start_skipped',
      message: expect.stringContaining(timeZone),
    });
  });

  it('refuses the past, but not the last minute', () => {
    expect(resolve('2026-01-15T11:58:59Z')).toMatchObject({ ok: false, code: 'start_in_past' });
    expect(resolve('2026-01-15T12:58:59')).toMatchObject({ ok: false, code: 'start_in_past' });
    expect(resolve('2026-01-15T11:59:00Z')).toMatchObject({ ok: true });
  });

  it('refuses a start more than a year ahead', () => {
    expect(resolve(new Date(NOW_MS + START_AHEAD_MAX_MS).toISOString())).toMatchObject({ ok: true });
    expect(resolve('2062-07-01T09:00')).toMatchObject({ ok: false, code: 'start_too_far' });
  });

  it.each(['2026-02-30T09:00', '2026-13-01T09:00Z', '2026-07-01T25:00', '2026-07-01T09:60Z', 'tomorrow'])(
    'refuses %s',
    (at) => {
      expect(resolve(at)).toMatchObject({ ok: false, code: 'start_not_a_time' });
    },
  );
});

describe('startSchema', () => {
  it.each(['now', { at: '2026-12-01T09:00' }, { at: '2026-12-01T08:00:00Z' }, { at: '2026-12-01T08:00+02:00' }])(
    'accepts %j',
    (start) => {
      expect(startSchema.parse(start)).toEqual(start);
    },
  );

  it.each(['soon', {}, { at: 'now' }, { at: '2026-12-01' }, { at: '2026-12-01 09:00' }, { at: 1 }, null])(
    'rejects %j',
    (start) => {
      expect(startSchema.safeParse(start).success).toBe(false);
    },
  );

  it('says how to write a start', () => {
    const issues = startSchema.safeParse({ at: 'tomorrow' }).error?.issues ?? [];
    expect(issues.map((issue) => issue.message).join()).toContain('2026-12-01T09:00');
  });
});
