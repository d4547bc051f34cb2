import { DateTime } from 'luxon';
import { ALLOWED_WHEN } from '../../domain/batches/status.js';
import { changeBatch } from '../../store/changes/change-batch.js';
import { workflowIdOf } from '../../workflows/contract.js';
import { eventually } from '../support/eventually.js';
import { recipientStates, seedBatch } from '../support/seed.js';
import { startSkippedTime, type SkippedTime } from '../support/skipped-time.js';

const ZONE = 'Europe/Madrid';
const WEEKDAYS_9_TO_17 = Object.fromEntries(
  ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'].map((day) => [day, [['09:00', '17:00']]]),
);
const ALWAYS = Object.fromEntries(
  ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) => [
    day,
    [['00:00', '24:00']],
  ]),
);

let time: SkippedTime;
let environment: SkippedTime['environment'];
let platform: SkippedTime['platform'];
beforeEach(async () => {
  time = await startSkippedTime();
  ({ environment, platform } = time);
});
afterEach(() => time.stop());

type Planned = { startAt: DateTime; window: Record<string, string[][]>; recipients: number; concurrencyLimit?: number };

async function startBatch({ startAt, window, recipients, concurrencyLimit }: Planned) {
  const { db } = platform.test;
  const batchId = await seedBatch(db, platform.workspace, {
    status: 'SCHEDULED',
    recipients,
    opening: null,
    startAt: startAt.toJSDate(),
    window,
    timeZone: ZONE,
    ...(concurrencyLimit && { concurrencyLimit }),
  });
  return { batchId, handle: await time.wake(batchId) };
}

async function dialedAt(batchId: string): Promise<DateTime[]> {
  const attempts = await platform.test.db.prisma.attempt.findMany({
    // On a busy machine a dial budget may pass: such an attempt was never sent, and another follows.
    where: { batchId, state: { not: 'RELEASED' } },
    orderBy: { dialingAt: 'asc' },
  });
  return attempts.map((attempt) => DateTime.fromJSDate(attempt.dialingAt, { zone: ZONE }));
}

async function now(): Promise<DateTime> {
  return DateTime.fromMillis(await environment.currentTimeMs(), { zone: ZONE });
}

it('calls nobody before a start that is tomorrow, and everybody after it', async () => {
  const startAt = (await now()).plus({ days: 1 });
  const { batchId, handle } = await startBatch({ startAt, window: ALWAYS, recipients: 5 });
  expect(await handle.result()).toBe('COMPLETED');
  const dials = await dialedAt(batchId);
  expect(dials).toHaveLength(5);
  for (const dial of dials) expect(dial.toMillis()).toBeGreaterThanOrEqual(startAt.toMillis());
  expect(dials[0]!.diff(startAt, 'seconds').seconds).toBeLessThan(30);
});

it('defers over a weekend what did not fit before the window closed on Friday', async () => {
  const friday = nextWeekday(await now(), 5).set({ hour: 16, minute: 59, second: 55 });
  // One call at a time, 1.2 s each: some fit before 17:00 less the lead, the rest do not.
  platform.carrier.configure({ callLength: { is: 'fixed', ms: 1_200 }, outcomes: { ANSWERED: 1 } });
  const { batchId, handle } = await startBatch({
    startAt: friday,
    window: WEEKDAYS_9_TO_17,
    recipients: 6,
    concurrencyLimit: 1,
  });
  expect(await handle.result()).toBe('COMPLETED');
  const dials = (await dialedAt(batchId)).map((dial) => dial.toFormat('cccc HH:mm'));
  expect(dials.filter((dial) => dial === 'Friday 16:59').length).toBeGreaterThanOrEqual(1);
  expect(dials.filter((dial) => dial === 'Monday 09:00').length).toBeGreaterThanOrEqual(1);
  expect(dials.filter((dial) => !['Friday 16:59', 'Monday 09:00'].includes(dial))).toEqual([]);
  expect(dials).toHaveLength(6);
});

it('calls nobody during a pause of a day, and everybody after the resume', async () => {
  const startAt = (await now()).plus({ hours: 1 });
  platform.carrier.configure({ callLength: { is: 'fixed', ms: 300 }, outcomes: { ANSWERED: 1 } });
  const { batchId, handle } = await startBatch({ startAt, window: ALWAYS, recipients: 8, concurrencyLimit: 1 });
  await environment.sleep('1 hour');
  await eventually(async () => expect((await dialedAt(batchId)).length).toBeGreaterThan(1));
  await change(batchId, 'pause');
  await eventually(async () => expect(await recipientStates(platform.test.db, batchId)).not.toContain('IN_PROGRESS'));
  const beforeSleep = await dialedAt(batchId);
  const pausedAt = await now();
  await environment.sleep('1 day');
  expect(await dialedAt(batchId)).toEqual(beforeSleep);
  await change(batchId, 'resume');
  expect(await handle.result()).toBe('COMPLETED');
  const dials = await dialedAt(batchId);
  expect(dials).toHaveLength(8);
  for (const dial of dials.slice(beforeSleep.length))
    expect(dial.diff(pausedAt, 'hours').hours).toBeGreaterThanOrEqual(24);
});

async function change(batchId: string, action: 'pause' | 'resume'): Promise<void> {
  const { db } = platform.test;
  await changeBatch(db.pool, {
    workspaceId: platform.workspace.workspaceId,
    batchId,
    action,
    from: ALLOWED_WHEN[action],
    actor: 'test',
    commandId: null,
  });
  await environment.client.workflow.getHandle(workflowIdOf(batchId)).signal('wake', { version: 0 });
}

function nextWeekday(from: DateTime, weekday: number): DateTime {
  const day = from.plus({ days: 1 }).startOf('day');
  return day.plus({ days: (weekday - day.weekday + 7) % 7 });
}
