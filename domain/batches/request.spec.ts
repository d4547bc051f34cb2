import type { ZodType } from 'zod';
import { createBatchSchema, updateBatchSchema } from './request.js';
import { publicId } from '../ids.js';

const NUMBER_UUID = '019aab12-3c4d-7e5f-8a6b-000000000001';
const AGENT_UUID = '019aab12-3c4d-7e5f-8a6b-000000000002';

function batchBody(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: 'September reminders',
    fromNumberId: publicId('phoneNumber', NUMBER_UUID),
    timeZone: 'Europe/Madrid',
    window: { monday: [['09:00', '13:00']] },
    ...changes,
  };
}

function problemsOf(schema: ZodType, body: unknown): string {
  const issues = schema.safeParse(body).error?.issues ?? [];
  return issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
}

describe('createBatchSchema', () => {
  it('reads a batch, with ids as uuids and every default filled in', () => {
    expect(
      createBatchSchema.parse(batchBody({ name: '  September reminders ', agentId: publicId('agent', AGENT_UUID) })),
    ).toEqual({
      name: 'September reminders',
      fromNumberId: NUMBER_UUID,
      agentId: AGENT_UUID,
      timeZone: 'Europe/Madrid',
      start: 'now',
      end: null,
      window: { monday: [['09:00', '13:00']] },
      hoursIn: 'batch',
      unknownZone: 'hold',
      blackoutDates: [],
      holidays: [],
      labels: {},
      purpose: null,
      lawfulOverride: null,
      note: null,
      allowCostlyNumbers: false,
      recipients: [],
      submit: false,
    });
  });

  it('takes limits, retries, breakers and what success is, and null for no limit', () => {
    const dialling = {
      limits: { concurrency: 20, reservedConcurrency: 0, callsPerSecond: null },
      retryPolicy: { maxAttempts: 3, outcomes: { BUSY: { attempts: 3, delayMinutes: 10 } } },
      successCriterion: { kind: 'minimumDuration', seconds: 30 },
      circuitBreakers: { failureShare: 0.5, shortCallShare: null },
    };
    expect(createBatchSchema.parse(batchBody(dialling))).toMatchObject(dialling);
    expect(updateBatchSchema.parse({ ...dialling, version: 4 })).toEqual({ ...dialling, version: 4 });
  });

  it('keeps recipients as they came, for the row validator', () => {
    const recipients = [{ phoneNumber: '12a' }, 7];
    expect(createBatchSchema.parse(batchBody({ recipients })).recipients).toEqual(recipients);
  });

  it('lets a draft lack a window and recipients, but not a submitted batch', () => {
    const { window: _window, ...draft } = batchBody();
    expect(problemsOf(createBatchSchema, draft)).toBe('');
    expect(problemsOf(createBatchSchema, { ...draft, submit: true })).toMatch(/window: .*; recipients: /);
    expect(problemsOf(createBatchSchema, batchBody({ submit: true, recipients: [{}] }))).toBe('');
  });

  it.each([
    ['an empty name', { name: '  ' }, 'name: a name is needed'],
    ['a long name', { name: 'x'.repeat(101) }, 'name: a name has at most 100'],
    ['a NUL in the name', { name: 'a\0b' }, 'name: a name must not contain'],
    ['the id of something else', { fromNumberId: publicId('agent', AGENT_UUID) }, 'is not the id of a phone number'],
    ['a bare uuid', { agentId: AGENT_UUID }, 'agentId: '],
    ['an offset for a time zone', { timeZone: '+02:00' }, "timeZone: '+02:00' is not an IANA time zone"],
    ['a bad start', { start: { at: 'tomorrow' } }, 'start'],
    ['a bad window', { window: { monday: [['09:00', '09:00']] } }, 'window.monday.0: '],
    ['hours in nowhere', { hoursIn: 'moon' }, 'hoursIn is'],
    ['a blackout date that does not exist', { blackoutDates: ['2026-02-30'] }, 'blackout date'],
    ['holidays of nowhere', { holidays: [{ country: 'XX' }] }, "country 'XX'"],
    ['an override without a reason', { lawfulOverride: { reason: ' ' } }, 'an override needs its reason'],
    ['an override in the name of somebody', { lawfulOverride: { name: 'Ada', reason: 'x' } }, '"name"'],
    ['no concurrency at all', { limits: { concurrency: 0 } }, 'limits.concurrency: concurrency is at least 1'],
    ['too much concurrency', { limits: { concurrency: 10_001 } }, 'at most 10000'],
    ['half a call', { limits: { concurrency: 1.5 } }, 'whole number'],
    ['a negative reserve', { limits: { reservedConcurrency: -1 } }, 'reservedConcurrency is at least 0'],
    ['no call in a second', { limits: { callsPerSecond: 0 } }, 'callsPerSecond is at least 1'],
    ['too many attempts', { retryPolicy: { maxAttempts: 21 } }, 'retryPolicy.maxAttempts: at most 20'],
    ['a breaker that opens at once', { circuitBreakers: { failureShare: 0 } }, 'circuitBreakers.failureShare: '],
    ['a success without a kind', { successCriterion: { seconds: 5 } }, 'successCriterion.kind: kind is "analysis"'],
    ['an unknown key', { frmNumberId: 'x' }, '"frmNumberId"'],
    ['an unknown limit', { limits: { callsPerMinute: 2 } }, '"callsPerMinute"'],
    ['an unknown key in start', { start: { at: '2026-12-01T09:00', zone: 'UTC' } }, '"zone"'],
    ['recipients that are not a list', { recipients: {} }, 'recipients: '],
  ])('rejects %s and names it', (_what, changes, message) => {
    expect(problemsOf(createBatchSchema, batchBody(changes))).toContain(message);
  });

  it.each(['name', 'fromNumberId', 'timeZone', 'window'])('needs %s to be submitted, and not for a draft', (key) => {
    const recipients = [{ phoneNumber: '+12025550111' }];
    const { [key]: _left, ...body } = batchBody({ window: { monday: [['09:00', '17:00']] }, recipients });
    expect(problemsOf(createBatchSchema, { ...body, submit: true })).toContain(`${key}: `);
    expect(createBatchSchema.safeParse(body).success).toBe(true);
  });
});

describe('updateBatchSchema', () => {
  it('needs nothing and fills nothing in, so that what is left out stays', () => {
    expect(updateBatchSchema.parse({})).toEqual({});
    expect(updateBatchSchema.parse({ name: ' New name ', agentId: null })).toEqual({ name: 'New name', agentId: null });
  });

  it.each([
    ['recipients', { recipients: [] }, '"recipients"'],
    ['submit', { submit: true }, '"submit"'],
    ['an unknown key', { nme: 'x' }, '"nme"'],
    ['a window without ranges', { window: {} }, 'window: '],
  ])('rejects %s', (_what, body, message) => {
    expect(problemsOf(updateBatchSchema, body)).toContain(message);
  });
});
