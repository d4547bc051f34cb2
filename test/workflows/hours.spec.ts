import { DateTime } from 'luxon';
import { BARE_SETTINGS } from '../../domain/batches/settings.js';
import { PLAIN_HOURS, planHours } from '../../domain/hours/batch-hours.js';
import type { CallWindow } from '../../domain/hours/window.js';
import { toStoredBreakers } from '../../domain/batches/circuit-breakers.js';
import { checkJsonRecipient } from '../../domain/recipients/json-recipient.js';
import type { RecipientDraft } from '../../domain/recipients/recipient-row.js';
import { zoneDataVersion } from '../../platform/zone-data.js';
import { changeBatch } from '../../store/changes/change-batch.js';
import { createBatch } from '../../store/changes/create-batch.js';
import { createOracle } from '../hours/oracle.js';
import { eventually } from '../support/eventually.js';
import { seedBatch } from '../support/seed.js';
import { startSkippedTime, type SkippedTime } from '../support/skipped-time.js';

/** A week of a dozen countries is thousands of tasks of a workflow; a slow machine takes a minute and more for them. */
const WEEK_MAX_MS = 240_000;
const MADRID = 'Europe/Madrid';
const MINUTE_MS = 60_000;
const WEEKDAYS_9_TO_17: CallWindow = Object.fromEntries(
  ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'].map((day) => [day, [['09:00', '17:00']]]),
);

let time: SkippedTime;
beforeEach(async () => {
  time = await startSkippedTime();
  // One call at a time, short, and no lead to speak of: some fit before a closing, the others do not.
  time.platform.carrier.configure({ callLength: { is: 'fixed', ms: 700 }, outcomes: { ANSWERED: 1 } });
  await time.platform.test.db.pool.query('UPDATE provider_accounts SET ring_lead_ms = 0');
});
afterEach(() => time.stop());

/** `lost`: so many of the recipients are of an unknown zone. */
type Planned = { startAt: string; window: CallWindow; recipients: number; columns?: string; lost?: number };

async function start({ startAt, window, recipients, columns, lost = 0 }: Planned) {
  const { db } = time.platform.test;
  const batchId = await seedBatch(db, time.platform.workspace, {
    status: 'DRAFT',
    recipients,
    opening: null,
    startAt: DateTime.fromISO(startAt, { zone: MADRID }).toJSDate(),
    window: window as Record<string, string[][]>,
    timeZone: MADRID,
    concurrencyLimit: 1,
  });
  await db.pool.query(
    `WITH lost AS (UPDATE recipient_states SET zone_set = '?' WHERE recipient_id IN
       (SELECT recipient_id FROM recipient_states WHERE batch_id = $1 ORDER BY ordinal LIMIT $2) RETURNING batch_id, zone_set)
     INSERT INTO batch_zones SELECT DISTINCT batch_id, zone_set FROM lost`,
    [batchId, lost],
  );
  // All at once: openings are written for a batch that is scheduled.
  await db.pool.query(`UPDATE batches SET status = 'SCHEDULED'${columns ? `, ${columns}` : ''} WHERE id = $1`, [
    batchId,
  ]);
  return { batchId, handle: await time.wake(batchId) };
}

async function dialsOf(batchId: string): Promise<Date[]> {
  const attempts = await time.platform.test.db.prisma.attempt.findMany({
    where: { batchId, state: { not: 'RELEASED' } },
    orderBy: { dialingAt: 'asc' },
  });
  return attempts.map(({ dialingAt }) => dialingAt);
}

/** Local minutes of all dials, each of which the independent oracle allows. */
async function allowedDials(
  batchId: string,
  { window, closedDates = [] }: { window: CallWindow; closedDates?: string[] },
): Promise<string[]> {
  const isAllowed = createOracle([{ hours: { window, closedDates }, timeZone: MADRID }]);
  const dials = await dialsOf(batchId);
  for (const dial of dials) expect([dial, isAllowed(Math.floor(dial.getTime() / MINUTE_MS))]).toEqual([dial, true]);
  return [...new Set(dials.map((dial) => DateTime.fromJSDate(dial, { zone: MADRID }).toFormat('yyyy-MM-dd HH:mm ZZ')))];
}

it('opens at the end of the skipped hour when the range starts in it', async () => {
  const window: CallWindow = { sunday: [['02:15', '05:00']] };
  const { batchId, handle } = await start({ startAt: '2027-03-27T20:00', window, recipients: 2 });
  expect(await handle.result()).toBe('COMPLETED');
  expect((await allowedDials(batchId, { window }))[0]).toBe('2027-03-28 03:00 +02:00');
});

it('is open in both passes of the repeated hour, and shut between them', async () => {
  const window: CallWindow = { sunday: [['01:30', '02:30']] };
  const { batchId, handle } = await start({
    startAt: '2027-10-31T02:29:57+02:00',
    window,
    recipients: 6,
  });
  expect(await handle.result()).toBe('COMPLETED');
  expect(await allowedDials(batchId, { window })).toEqual(['2027-10-31 02:29 +02:00', '2027-10-31 02:00 +01:00']);
});

it('defers over a weekend', async () => {
  const window = WEEKDAYS_9_TO_17;
  const { batchId, handle } = await start({ startAt: '2027-01-15T16:59:57', window, recipients: 6 });
  expect(await handle.result()).toBe('COMPLETED');
  expect(await allowedDials(batchId, { window })).toEqual(['2027-01-15 16:59 +01:00', '2027-01-18 09:00 +01:00']);
});

it('ends at its end, also over a weekend: nobody is called later, who waits fails, and it completes', async () => {
  const { batchId, handle } = await start({
    startAt: '2027-01-15T16:59:57',
    window: WEEKDAYS_9_TO_17,
    recipients: 6,
    columns: `end_at = '2027-01-16T12:00:00Z'`,
  });
  expect(await handle.result()).toBe('COMPLETED');
  expect(await allowedDials(batchId, { window: WEEKDAYS_9_TO_17 })).toEqual(['2027-01-15 16:59 +01:00']);
  const { prisma } = time.platform.test.db;
  const left = await prisma.recipientState.findMany({ where: { batchId, attemptCount: 0 } });
  expect(left.length).toBeGreaterThan(0);
  expect(new Set(left.map(({ state, lastError }) => `${state} ${lastError}`))).toEqual(new Set(['FAILED BATCH_ENDED']));
});

it('completes although nobody knows the zone of one recipient, once all others are settled', async () => {
  const { batchId, handle } = await start({
    startAt: '2027-01-18T10:00',
    window: WEEKDAYS_9_TO_17,
    recipients: 2,
    lost: 1,
  });
  expect(await handle.result()).toBe('COMPLETED');
  const { prisma } = time.platform.test.db;
  const never = await prisma.recipientState.findMany({ where: { batchId, lastError: 'NEVER_OPEN' } });
  expect(never.map(({ state, zoneSet }) => [state, zoneSet])).toEqual([['FAILED', '?']]);
});

it('defers over a public holiday to the next day that is none', async () => {
  const { batchId, handle } = await start({
    startAt: '2027-01-05T16:59:57',
    window: WEEKDAYS_9_TO_17,
    recipients: 6,
    columns: `settings = '{"holidays": [{"country": "ES"}]}'`,
  });
  expect(await handle.result()).toBe('COMPLETED');
  const dials = await allowedDials(batchId, { window: WEEKDAYS_9_TO_17, closedDates: ['2027-01-06'] });
  expect(dials).toEqual(['2027-01-05 16:59 +01:00', '2027-01-07 09:00 +01:00']);
});

it('goes on past midnight in an overnight range, and then waits for the next such night', async () => {
  const window: CallWindow = { friday: [['22:00', '02:00']] };
  const { batchId, handle } = await start({ startAt: '2027-02-06T01:59:57', window, recipients: 6 });
  expect(await handle.result()).toBe('COMPLETED');
  expect(await allowedDials(batchId, { window })).toEqual(['2027-02-06 01:59 +01:00', '2027-02-12 22:00 +01:00']);
});

it('dials by the new zone at once when it is changed while the batch waits for the old one', async () => {
  const { batchId, handle } = await start({ startAt: '2027-02-03T16:59:57', window: WEEKDAYS_9_TO_17, recipients: 6 });
  const { db } = time.platform.test;
  // Time passes here only while somebody waits for a result.
  const completed = handle.result();
  await eventually(async () => {
    const { rows } = await db.pool.query(
      `SELECT (batch_prospect(id, dialwright_now(), interval '0.25 s')).reason FROM batches WHERE id = $1`,
      [batchId],
    );
    expect(rows[0].reason).toBe('OUTSIDE_HOURS');
    const before = (await dialsOf(batchId)).length;
    expect(before).toBeGreaterThan(0);
  });
  const { rows } = await db.pool.query('SELECT (extract(epoch FROM dialwright_now()) * 1000)::float8 AS now');
  const timeZone = 'America/New_York';
  const planned = planHours({
    ...PLAIN_HOURS,
    window: WEEKDAYS_9_TO_17,
    timeZone,
    zoneSets: [''],
    rulePacks: null,
    nowMs: rows[0].now,
    zoneData: zoneDataVersion(),
  });
  await changeBatch(db.pool, {
    workspaceId: time.platform.workspace.workspaceId,
    batchId,
    action: 'edit',
    from: ['RUNNING'],
    actor: 'test',
    commandId: null,
    patch: { timeZone, window: WEEKDAYS_9_TO_17 },
    openings: { ...planned, hoursVersion: 1, rulePacksVersion: 1 },
  });
  await time.wake(batchId).catch(() => {});
  expect(await completed).toBe('COMPLETED');
  const madrid = createOracle([{ hours: { window: WEEKDAYS_9_TO_17, closedDates: [] }, timeZone: MADRID }]);
  const newYork = createOracle([{ hours: { window: WEEKDAYS_9_TO_17, closedDates: [] }, timeZone }]);
  const minutes = (await dialsOf(batchId)).map((dial) => Math.floor(dial.getTime() / MINUTE_MS));
  const first = minutes.filter(madrid);
  const then = minutes.filter((minute) => !madrid(minute));
  expect(first.length).toBeGreaterThan(0);
  expect(then.length).toBeGreaterThan(0);
  expect(then.every(newYork)).toBe(true);
});

it(
  'calls recipients of 12 countries in every one of them, each only in its own hours, during a week',
  async () => {
    const { db } = time.platform.test;
    const window = WEEKDAYS_9_TO_17;
    const { workspaceId, fromNumberId, agentId } = time.platform.workspace;
    const startAt = DateTime.fromISO('2027-02-01T00:00', { zone: 'UTC' }).toJSDate();
    const batchId = await createBatch(db.pool, {
      ...{ id: null, workspaceId, actor: 'test', status: 'SCHEDULED' },
      settings: {
        ...{ ...BARE_SETTINGS, name: 'Twelve countries', fromNumberId, agentId, timeZone: 'UTC' },
        ...{ startAt, window, hoursIn: 'recipient' },
        breakers: toStoredBreakers({ failureShare: null, providerErrorShare: null }),
      },
      recipients: Object.values(COUNTRIES).map(({ phone }) => draftOf(phone)),
      openings: null,
    });
    expect(await (await time.wake(batchId)).result()).toBe('COMPLETED');
    const attempts = await db.prisma.attempt.findMany({ where: { batchId, state: { not: 'RELEASED' } } });
    const called = new Map(attempts.map(({ phone, dialingAt }) => [phone, dialingAt]));
    expect(called.size).toBe(Object.keys(COUNTRIES).length);
    for (const [country, { phone, zones }] of Object.entries(COUNTRIES)) {
      const isAllowed = createOracle(zones.map((timeZone) => ({ hours: { window, closedDates: [] }, timeZone })));
      const dialed = called.get(phone)!;
      expect([country, dialed, isAllowed(Math.floor(dialed.getTime() / MINUTE_MS))]).toEqual([country, dialed, true]);
    }
    expect(new Set([...called.values()].map((dialed) => dialed.getUTCHours())).size).toBeGreaterThan(4);
  },
  WEEK_MAX_MS,
);

/** Written down by hand, not by the product's tables: one zone that the number's country, or area, certainly has. */
const COUNTRIES: Record<string, { phone: string; zones: string[] }> = {
  Spain: { phone: '+34911234567', zones: ['Europe/Madrid'] },
  'United Kingdom': { phone: '+442079460018', zones: ['Europe/London'] },
  Germany: { phone: '+4930123456', zones: ['Europe/Berlin'] },
  Japan: { phone: '+81312345678', zones: ['Asia/Tokyo'] },
  India: { phone: '+919876543210', zones: ['Asia/Kolkata'] },
  'New York': { phone: '+12125550123', zones: ['America/New_York'] },
  'Los Angeles': { phone: '+12135550123', zones: ['America/Los_Angeles'] },
  Singapore: { phone: '+6561234567', zones: ['Asia/Singapore'] },
  'South Africa': { phone: '+27123456789', zones: ['Africa/Johannesburg'] },
  Colombia: { phone: '+576012345678', zones: ['America/Bogota'] },
  Egypt: { phone: '+20234567890', zones: ['Africa/Cairo'] },
  Turkey: { phone: '+902123456789', zones: ['Europe/Istanbul'] },
  Nigeria: { phone: '+2348021234567', zones: ['Africa/Lagos'] },
};

function draftOf(phone: string): RecipientDraft {
  const checked = checkJsonRecipient({ phoneNumber: phone }, { hoursIn: 'recipient' });
  if (!checked.ok) throw new Error(`${phone}: ${checked.errors[0]?.message ?? ''}`);
  return checked.recipient;
}
