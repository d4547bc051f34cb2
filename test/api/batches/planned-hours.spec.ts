import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { BARE_SETTINGS } from '../../../domain/batches/settings.js';
import { planHours, PLAIN_HOURS } from '../../../domain/hours/batch-hours.js';
import { ALWAYS } from '../../../domain/hours/window.js';
import { parsePublicId } from '../../../domain/ids.js';
import { zoneDataVersion } from '../../../platform/zone-data.js';
import { changeBatch } from '../../../store/changes/change-batch.js';
import { createBatch } from '../../../store/changes/create-batch.js';
import { extendOpenings } from '../../../activities/batch-activities.js';
import { batchBody, draft } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

const PAIRS = 12;
const ALL_DAY = Object.fromEntries(
  ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) => [
    day,
    [['00:00', '24:00']],
  ]),
);
const TODAY = new Date().toISOString().slice(0, 10);
const TOMORROW = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
/** Both, so that a test that runs at midnight is right too. */
const CLOSED = [TODAY, TOMORROW];
const uuidOf = (id: string): string => parsePublicId('batch', id)!;
const ofAlwaysOpen = (overrides: Record<string, unknown> = {}) =>
  draft(api, { timeZone: 'UTC', window: ALL_DAY, ...overrides });

/** Whether a claim would take its openings for open now. */
async function isOpenNow(batchId: string): Promise<boolean> {
  const { rows } = await api.db.pool.query(
    `SELECT FROM openings o JOIN batches b ON b.id = o.batch_id AND b.hours_version = o.hours_version
     WHERE b.id = $1 AND o.opens_at <= dialwright_now() AND dialwright_now() < o.closes_at`,
    [uuidOf(batchId)],
  );
  return rows.length > 0;
}

const update = (batchId: string, json: Record<string, unknown>) =>
  send(api, 'updateBatch', { params: { batchId }, json });
const submit = (batchId: string) => send(api, 'submitBatch', { params: { batchId } });

/** Edits after which it is closed now, and what it shows then. */
const CLOSING: [what: string, edit: Record<string, unknown>][] = [
  ['a blackout date', { blackoutDates: CLOSED }],
  ['a window without today', { window: { [dayOfWeek(2)]: [['00:00', '24:00']] } }],
];
it.each(CLOSING)(
  'is never open against %s that it shows, when it is edited while it is submitted',
  async (_what, edit) => {
    const [[field, closed]] = Object.entries(edit) as [[string, unknown]];
    for (let pair = 0; pair < PAIRS; pair++) {
      const batchId = await ofAlwaysOpen();
      const [, submitted] = await Promise.all([update(batchId, edit), submit(batchId)]);
      expect(submitted.status).toBe(200);
      const { body } = await send(api, 'getBatch', { params: { batchId } });
      const isEdited = JSON.stringify(body[field]) === JSON.stringify(closed);
      expect(await isOpenNow(batchId)).toBe(!isEdited);
    }
  },
);

it('keeps both of two edits of hours that are made at once, of a draft and of a batch that is submitted', async () => {
  for (const isSubmitted of [false, true]) {
    const batchId = await ofAlwaysOpen({ start: { at: new Date(Date.now() + 3_600_000).toISOString() } });
    if (isSubmitted) await submit(batchId);
    const edits = [{ blackoutDates: CLOSED }, { holidays: [{ country: 'ES' }] }, { timeZone: 'Europe/Madrid' }];
    const answers = await Promise.all(edits.map((edit) => update(batchId, edit)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const { body } = await send(api, 'getBatch', { params: { batchId } });
    expect(body).toMatchObject(Object.assign({}, ...edits));
    if (isSubmitted) expect(await isOpenNow(batchId)).toBe(false);
  }
});

it('raises the hours version with every edit of hours, of drafts too, and with no other edit', async () => {
  const batchId = await ofAlwaysOpen({ recipients: [] });
  const versionOf = async () =>
    (await api.db.prisma.batch.findUniqueOrThrow({ where: { id: uuidOf(batchId) } })).hoursVersion;
  const edits = [
    { window: { monday: [['09:00', '10:00']] } },
    { timeZone: 'Europe/Madrid' },
    { hoursIn: 'recipient' },
    { unknownZone: 'batch' },
    { blackoutDates: CLOSED },
    { holidays: [{ country: 'ES' }] },
    { purpose: 'telemarketing' },
    { lawfulOverride: { reason: 'All agreed.' } },
  ];
  for (const [index, edit] of edits.entries()) {
    await update(batchId, edit);
    expect([edit, await versionOf()]).toEqual([edit, index + 2]);
  }
  await update(batchId, { name: 'Another', limits: { concurrency: 3 } });
  expect(await versionOf()).toBe(edits.length + 1);
});

it('refuses openings that were planned for other hours or rule packs, changes nothing, and takes the command again', async () => {
  const batchId = await ofAlwaysOpen();
  const { workspaceId } = api.workspace;
  const planned = planHours({
    ...PLAIN_HOURS,
    ...{ window: ALWAYS, timeZone: 'UTC', zoneSets: [''], rulePacks: null },
    nowMs: Date.now(),
    zoneData: zoneDataVersion(),
  });
  const { rulePacksVersion } = await api.db.prisma.workspace.findUniqueOrThrow({ where: { id: workspaceId } });
  const submitPlannedFor = (hoursVersion: number, packs: number) =>
    changeBatch(api.db.pool, {
      ...{ workspaceId, batchId: uuidOf(batchId), action: 'submit', from: ['DRAFT'], actor: 'test' },
      commandId: `planned/${batchId}`,
      openings: { ...planned, hoursVersion, rulePacksVersion: packs },
    });
  expect(await submitPlannedFor(2, rulePacksVersion)).toMatchObject({ result: 'HOURS_CHANGED', status: 'DRAFT' });
  expect(await submitPlannedFor(1, rulePacksVersion + 1)).toMatchObject({ result: 'HOURS_CHANGED', status: 'DRAFT' });
  expect(await isOpenNow(batchId)).toBe(false);
  expect(await submitPlannedFor(1, rulePacksVersion)).toMatchObject({ result: 'CHANGED', status: 'SCHEDULED' });
  expect(await isOpenNow(batchId)).toBe(true);
});

it('closes a batch whose hours are changed without openings until the sweeper has written them', async () => {
  const batchId = await ofAlwaysOpen();
  await submit(batchId);
  await changeBatch(api.db.pool, {
    ...{ workspaceId: api.workspace.workspaceId, batchId: uuidOf(batchId), action: 'edit', from: ['SCHEDULED'] },
    ...{ actor: 'test', commandId: null, patch: { timeZone: 'Europe/Madrid' } },
  });
  expect(await isOpenNow(batchId)).toBe(false);
  await extendOpenings(api.db, { batchId: uuidOf(batchId) });
  expect(await isOpenNow(batchId)).toBe(true);
});

it('writes no openings for a new batch when the rule packs are others than it was planned for', async () => {
  const { workspaceId, fromNumberId, agentId } = api.workspace;
  const hours = { ...PLAIN_HOURS, window: ALWAYS, timeZone: 'UTC' };
  const planned = planHours({
    ...{ ...hours, zoneSets: [''], rulePacks: null },
    ...{ nowMs: Date.now(), zoneData: zoneDataVersion() },
  });
  const { rulePacksVersion } = await api.db.prisma.workspace.findUniqueOrThrow({ where: { id: workspaceId } });
  const settings = { ...BARE_SETTINGS, ...hours, name: 'New', fromNumberId, agentId };
  const make = (packs: number) =>
    createBatch(api.db.pool, {
      ...{ id: null, workspaceId, actor: 'test', status: 'SCHEDULED', settings, recipients: [] },
      openings: { ...planned, rulePacksVersion: packs },
    });
  const openings = async (id: string) => api.db.prisma.opening.count({ where: { batchId: id } });
  expect(await openings(await make(rulePacksVersion + 1))).toBe(0);
  expect(await openings(await make(rulePacksVersion))).toBeGreaterThan(0);
});

it('plans a batch that is over again when rule packs change: a retry must not go by the old ones', async () => {
  const json = { ...batchBody(api), timeZone: 'UTC', purpose: 'telemarketing', window: ALL_DAY, submit: true };
  const { body } = await send(api, 'createBatch', { json: { ...json, recipients: [{ phoneNumber: '+12125550123' }] } });
  await send(api, 'cancelBatch', { params: { batchId: body.id } });
  const before = await api.db.prisma.batch.findUniqueOrThrow({ where: { id: uuidOf(body.id) } });
  await send(api, 'updateWorkspace', { json: { rulePacks: [] } });
  const after = await api.db.prisma.batch.findUniqueOrThrow({ where: { id: before.id } });
  expect(after).toMatchObject({ hoursVersion: before.hoursVersion + 1, openingsUntil: null, status: 'CANCELLED' });
  await send(api, 'updateWorkspace', { json: { rulePacks: null } });
});

/** The name of the day so many days from now, in UTC. */
function dayOfWeek(inDays: number): string {
  const at = new Date(Date.now() + inDays * 86_400_000);
  return at.toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' }).toLowerCase();
}
