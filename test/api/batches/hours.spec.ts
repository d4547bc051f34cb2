import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { extendOpenings } from '../../../activities/batch-activities.js';
import { parsePublicId } from '../../../domain/ids.js';
import { zoneDataVersion } from '../../../platform/zone-data.js';
import { eventually } from '../../support/eventually.js';
import { batchBody, draft, reviewedImport } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

const WEEKDAYS_9_TO_17 = Object.fromEntries(
  ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'].map((day) => [day, [['09:00', '17:00']]]),
);
const ALL_DAY = Object.fromEntries(
  ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) => [
    day,
    [['00:00', '24:00']],
  ]),
);
const uuidOf = (id: string): string => parsePublicId('batch', id)!;
const zonesOf = async (id: string) =>
  (await api.db.prisma.recipientState.findMany({ where: { batchId: uuidOf(id) }, orderBy: { ordinal: 'asc' } })).map(
    ({ zoneSet }) => zoneSet,
  );
const openingsOf = (id: string, zoneSet: string) =>
  api.db.prisma.opening.findMany({
    where: { batchId: uuidOf(id), zoneSet },
    orderBy: [{ hoursVersion: 'desc' }, { opensAt: 'asc' }],
  });
const storedBatch = (id: string) => api.db.prisma.batch.findUniqueOrThrow({ where: { id: uuidOf(id) } });

const RECIPIENTS = [
  { phoneNumber: '+34911234567' },
  { phoneNumber: '+12125550123' },
  { phoneNumber: '+442079460018', timeZone: 'Asia/Tokyo' },
  { phoneNumber: '12345678', ignoreE164Validation: true },
];

it('gives each recipient the zone of its row, else the zones of its number, and holds those of whom nobody knows', async () => {
  const json = {
    ...batchBody(api),
    hoursIn: 'recipient',
    window: WEEKDAYS_9_TO_17,
    recipients: RECIPIENTS,
    submit: true,
  };
  const made = await send(api, 'createBatch', { json });
  expect(made.status).toBe(201);
  const [madrid, newYork, tokyo, unknown] = await zonesOf(made.body.id);
  expect(madrid).toContain('Europe/Madrid');
  expect([newYork, tokyo, unknown]).toEqual(['America/New_York', 'Asia/Tokyo', '?']);
  for (const zone of [newYork!, tokyo!]) {
    const [first] = await openingsOf(made.body.id, zone);
    const there = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
    expect([there.format(first!.opensAt), there.format(first!.closesAt)]).toEqual(['09:00', '17:00']);
  }
  expect(await openingsOf(made.body.id, '?')).toEqual([]);
});

it("calls those of whom nobody knows in the batch's zone, when the batch says so", async () => {
  const json = {
    ...batchBody(api),
    hoursIn: 'recipient',
    unknownZone: 'batch',
    window: ALL_DAY,
    recipients: [RECIPIENTS[3]],
  };
  const made = await send(api, 'createBatch', { json });
  expect(await zonesOf(made.body.id)).toEqual(['']);
});

it("reads lawful hours at the called party's place, although the window is the batch's", async () => {
  const json = {
    ...batchBody(api),
    timeZone: 'UTC',
    purpose: 'telemarketing',
    window: ALL_DAY,
    recipients: RECIPIENTS.slice(0, 2),
    submit: true,
  };
  const made = await send(api, 'createBatch', { json });
  const [first] = await openingsOf(made.body.id, 'America/New_York');
  const there = new Intl.DateTimeFormat('en-GB', { timeZone: 'America/New_York', hour: '2-digit', minute: '2-digit' });
  expect([there.format(first!.opensAt), there.format(first!.closesAt)]).toEqual(['08:00', '21:00']);
  const [madrid] = await zonesOf(made.body.id);
  const [abroad] = await openingsOf(made.body.id, madrid!);
  expect(abroad!.closesAt.getTime() - abroad!.opensAt.getTime()).toBeGreaterThan(24 * 3_600_000);
});

it('lifts lawful hours by an override only, which is kept with who took it on and why', async () => {
  const lawfulOverride = { reason: 'Calls to our own staff' };
  const json = {
    ...batchBody(api),
    timeZone: 'UTC',
    purpose: 'telemarketing',
    lawfulOverride,
    window: ALL_DAY,
    recipients: [RECIPIENTS[1]],
    submit: true,
  };
  const made = await send(api, 'createBatch', { json });
  const [first] = await openingsOf(made.body.id, 'America/New_York');
  expect(first!.closesAt.getTime() - first!.opensAt.getTime()).toBeGreaterThan(24 * 3_600_000);
  const events = await send(api, 'listBatchEvents', { params: { batchId: made.body.id } });
  expect(JSON.stringify(events.body)).toMatch(
    /"name":"admin".*Calls to our own staff|Calls to our own staff.*"name":"admin"/,
  );
});

it('closes blackout dates and public holidays', async () => {
  const today = new Date().toISOString().slice(0, 10);
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  const json = {
    ...batchBody(api),
    timeZone: 'UTC',
    window: ALL_DAY,
    blackoutDates: [today, tomorrow],
    holidays: [{ country: 'ES' }],
    submit: true,
  };
  const made = await send(api, 'createBatch', { json });
  expect(made.body).toMatchObject({
    blackoutDates: [today, tomorrow],
    holidays: [{ country: 'ES' }],
  });
  const [first] = await openingsOf(made.body.id, '');
  expect(first!.opensAt.toISOString().slice(0, 10) > tomorrow).toBe(true);
});

it('locks what decides zones once a batch with recipients is submitted', async () => {
  const full = await draft(api, { submit: true });
  const refused = await send(api, 'updateBatch', { params: { batchId: full }, json: { hoursIn: 'recipient' } });
  expect([refused.status, refused.problem.code]).toEqual([409, 'field_locked']);
});

it('locks what decides zones while rows of an upload wait for their review, in the database too', async () => {
  const importId = await reviewedImport(api);
  const { batchId } = (await send(api, 'getImport', { params: { importId } })).body;
  await api.db.pool.query('DELETE FROM recipient_states WHERE batch_id = $1', [uuidOf(batchId)]);
  const { rows } = await api.db.pool.query('SELECT result FROM change_batch($1, $2, $3)', [
    api.workspace.workspaceId,
    uuidOf(batchId),
    { action: 'edit', from: ['DRAFT'], actor: 'test', patch: { hoursIn: 'recipient' } },
  ]);
  expect(rows[0].result).toBe('HAS_RECIPIENTS');
});

it('writes openings for a zone that is added to a running batch', async () => {
  const json = { ...batchBody(api), hoursIn: 'recipient', window: ALL_DAY, recipients: [RECIPIENTS[0]], submit: true };
  const { body } = await send(api, 'createBatch', { json });
  await send(api, 'addRecipients', { params: { batchId: body.id }, json: { recipients: [RECIPIENTS[2]] } });
  expect((await storedBatch(body.id)).openingsUntil).toBeNull();
  await extendOpenings(api.db, { batchId: uuidOf(body.id) });
  expect((await openingsOf(body.id, 'Asia/Tokyo')).length).toBeGreaterThan(0);
  expect((await storedBatch(body.id)).openingsUntil).not.toBeNull();
});

it('computes openings again, under another config version, when the zone data is newer than what wrote them', async () => {
  const json = { ...batchBody(api), window: ALL_DAY, recipients: [RECIPIENTS[0]], submit: true };
  const { body } = await send(api, 'createBatch', { json });
  const before = await storedBatch(body.id);
  await api.db.pool.query(`UPDATE batches SET zone_data = '1999a' WHERE id = $1`, [before.id]);
  await extendOpenings(api.db, { batchId: before.id });
  expect(await storedBatch(body.id)).toMatchObject({
    hoursVersion: before.hoursVersion + 1,
    zoneData: zoneDataVersion(),
  });
  await extendOpenings(api.db, { batchId: before.id });
  expect(await storedBatch(body.id)).toMatchObject({ hoursVersion: before.hoursVersion + 1 });
});

it('foresees how many can be called in which hour, when it would be done, and who would not be called', async () => {
  const recipients = Array.from({ length: 90 }, (_, index) => ({ phoneNumber: `+1212555${1000 + index}` }));
  const batchId = await draft(api, {
    hoursIn: 'recipient',
    window: ALL_DAY,
    limits: { concurrency: 1 },
    recipients: [...recipients, { phoneNumber: '12345678', ignoreE164Validation: true }],
  });
  const key = api.keys.viewer;
  const { status, body } = await send(api, 'preflightBatch', {
    params: { batchId },
    json: { days: 1, callLengthMs: 120_000 },
    key,
  });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    recipients: 91,
    blocked: { suppressed: 0, zoneUnknown: 1, neverOpen: 0, notInTime: 0 },
    expectedFinish: null,
    assumed: { concurrency: 1, callsPerSecond: null, callLengthMs: 120_000 },
  });
  expect(body.hours.reduce((sum: number, { calls }: { calls: number }) => sum + calls, 0)).toBe(90);
  expect(body.hours.length).toBeGreaterThanOrEqual(3);
  const tooShort = await send(api, 'preflightBatch', {
    params: { batchId },
    json: { days: 1, callLengthMs: 14_400_000 },
    key,
  });
  expect(tooShort.body.blocked.notInTime).toBeGreaterThan(80);
  const windowless = await draft(api, { window: undefined });
  expect((await send(api, 'preflightBatch', { params: { batchId: windowless }, json: {} })).problem.code).toBe(
    'batch_incomplete',
  );
});

it('plans batches with a purpose again when rule packs change, and closes them until then', async () => {
  const json = {
    ...batchBody(api),
    timeZone: 'UTC',
    purpose: 'telemarketing',
    window: ALL_DAY,
    recipients: [RECIPIENTS[1]],
  };
  const { body } = await send(api, 'createBatch', { json: { ...json, submit: true } });
  const before = await storedBatch(body.id);
  await api.db.pool.query('UPDATE batches SET wake_sent_version = NULL WHERE id = $1', [before.id]);
  const changed = await send(api, 'updateWorkspace', { json: { rulePacks: [] } });
  expect(changed.body.rulePacks).toEqual([]);
  const closed = await storedBatch(body.id);
  expect(closed).toMatchObject({ hoursVersion: before.hoursVersion + 1, openingsUntil: null });
  expect(closed.wakeSentVersion).not.toBeNull();
  expect(await api.db.prisma.opening.count({ where: { batchId: before.id, hoursVersion: closed.hoursVersion } })).toBe(
    0,
  );
  await extendOpenings(api.db, { batchId: before.id });
  const [first] = await openingsOf(body.id, 'America/New_York');
  expect(first!.closesAt.getTime() - first!.opensAt.getTime()).toBeGreaterThan(24 * 3_600_000);
  await send(api, 'updateWorkspace', { json: { rulePacks: null } });
});

it('shows where a recipient is called and how that is known, and when its own zones open', async () => {
  const opensIn = (hours: number): string[][] => {
    const start = new Date(Date.now() + hours * 3_600_000).getUTCHours();
    return [
      [`${String(start).padStart(2, '0')}:00`, start === 23 ? '24:00' : `${String(start + 1).padStart(2, '0')}:00`],
    ];
  };
  const window = Object.fromEntries(Object.keys(ALL_DAY).map((day) => [day, opensIn(3)]));
  const json = {
    ...batchBody(api),
    hoursIn: 'recipient',
    window,
    recipients: [{ phoneNumber: '+442079460018', timeZone: 'UTC' }, RECIPIENTS[3]],
  };
  const { body } = await send(api, 'createBatch', { json: { ...json, submit: true } });
  await api.db.pool.query(`UPDATE batches SET status = 'RUNNING', started_at = now() WHERE id = $1`, [uuidOf(body.id)]);
  const listed = await send(api, 'listRecipients', { params: { batchId: body.id } });
  const [here, nowhere] = listed.body.data;
  expect(here.zones).toEqual({ names: ['UTC'], confidence: 'recipient', source: 'the time zone of the recipient' });
  expect(here).toMatchObject({ status: 'PENDING', waitingFor: { reason: 'OUTSIDE_HOURS', until: expect.any(String) } });
  expect(nowhere.zones).toMatchObject({ names: [], confidence: 'unknown' });
});

it('gives an uploaded row the zone of its timezone column, else of its number', async () => {
  const batchId = await draft(api, { hoursIn: 'recipient', recipients: [] });
  const content = 'phone_number,timezone\n+442079460018,Asia/Tokyo\n+12125550123,\n';
  const uploaded = await send(api, 'createImport', {
    params: { batchId },
    query: { autoConfirm: 'true' },
    file: { name: 'a.csv', content },
  });
  expect(uploaded.body).toMatchObject({ status: 'CONFIRMED', acceptedRows: 2 });
  await eventually(async () => expect(await zonesOf(batchId)).toEqual(['Asia/Tokyo', 'America/New_York']));
});

it('shows recipients of a batch whose zone only newer zone data have', async () => {
  const recipients = [{ phoneNumber: '+12125550123', notBefore: new Date(Date.now() + 9 * 86_400_000).toISOString() }];
  const json = { ...batchBody(api), timeZone: 'UTC', window: ALL_DAY, submit: true, recipients };
  const { body } = await send(api, 'createBatch', { json });
  await api.db.pool.query(`UPDATE batches SET time_zone = 'Mars/Phobos', status = 'RUNNING' WHERE id = $1`, [
    uuidOf(body.id),
  ]);
  const { status, body: page } = await send(api, 'listRecipients', { params: { batchId: body.id } });
  expect([status, page.data[0].waitingFor]).toEqual([200, expect.objectContaining({ until: null })]);
});
