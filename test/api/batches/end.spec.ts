import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { storedBatch, uuidOf } from '../support/batch-rows.js';
import { recipientsOf, uploadCsv } from '../support/imports.js';
import { batchBody, CSV, draft } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

const DAY_MS = 86_400_000;
const ALL_DAY = Object.fromEntries(
  ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) => [
    day,
    [['00:00', '24:00']],
  ]),
);
/** A local time of the day after so many days. */
const localIn = (days: number, time = '18:00'): string =>
  `${new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10)}T${time}`;
const create = (overrides: Record<string, unknown>) =>
  send(api, 'createBatch', { json: batchBody(api, { window: ALL_DAY, timeZone: 'Asia/Tokyo', ...overrides }) });
const update = (batchId: string, json: unknown) => send(api, 'updateBatch', { params: { batchId }, json });

describe('the end of a batch', () => {
  it('is read as its start is, shown, changed and taken away', async () => {
    const at = localIn(3);
    const { body } = await create({ end: { at } });
    expect(body).toMatchObject({ endAt: new Date(`${at}:00+09:00`).toISOString(), endLocal: at });
    const instant = new Date(Date.now() + DAY_MS).toISOString();
    expect((await update(body.id, { end: { at: instant } })).body).toMatchObject({ endAt: instant, endLocal: null });
    expect((await update(body.id, { end: null })).body).toMatchObject({ endAt: null, endLocal: null });
    expect((await create({})).body).toMatchObject({ endAt: null, endLocal: null });
  });

  it.each([
    ['2026-02-30T10:00', 'end_not_a_time'],
    ['2020-01-01T10:00', 'end_in_past'],
    ['2090-01-01T10:00', 'end_too_far'],
    [localIn(1), 'end_before_start'],
  ])('cannot be %s: %s', async (at, code) => {
    const { status, problem } = await create({ start: { at: localIn(2) }, end: { at } });
    expect([status, problem.code, problem.errors[0]?.field]).toEqual([422, code, 'end']);
    expect((await create({ end: 'never' })).status).toBe(422);
  });

  it('cannot be one that the clock skips', async () => {
    const year = new Date().getUTCFullYear() + 1;
    const lastOfMarch = new Date(Date.UTC(year, 2, 31));
    const sunday = new Date(lastOfMarch.getTime() - lastOfMarch.getUTCDay() * DAY_MS).toISOString().slice(0, 10);
    const { problem } = await create({ timeZone: 'Europe/Madrid', end: { at: `${sunday}T02:30` } });
    expect(problem.code).toBe('end_skipped');
  });

  it('leaves time for a call, or the batch is not submitted', async () => {
    const day = new Date(Date.now() + 4 * DAY_MS);
    const name = day.toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' }).toLowerCase();
    const window = { [name]: [['00:00', '24:00']] };
    const { status, problem } = await create({ window, end: { at: localIn(2) }, submit: true });
    expect([status, problem.code, problem.errors[0]?.field]).toEqual([422, 'window_never_opens', 'end']);
  });

  it('that has passed keeps a draft from its submit, and a retry takes another', async () => {
    const batchId = await draft(api, { window: ALL_DAY, end: { at: localIn(3) } });
    const passed = (status: string) =>
      api.db.pool.query(
        `UPDATE batches SET end_at = dialwright_now() - interval '1 min', status = $2, start_at = dialwright_now() WHERE id = $1`,
        [uuidOf(batchId), status],
      );
    await passed('DRAFT');
    const refused = await send(api, 'submitBatch', { params: { batchId } });
    expect([refused.status, refused.problem.code]).toEqual([422, 'end_in_past']);
    await passed('COMPLETED');
    await api.db.pool.query(
      `UPDATE recipient_states SET state = 'FAILED', last_error = 'BATCH_ENDED' WHERE batch_id = $1`,
      [uuidOf(batchId)],
    );
    expect((await recipientsOf(api, batchId))[0]).toMatchObject({ status: 'FAILED', lastError: 'BATCH_ENDED' });
    const retry = (json?: unknown) =>
      send(api, 'retryBatch', { params: { batchId }, ...(json !== undefined && { json }) });
    expect((await retry()).problem.code).toBe('end_in_past');
    expect((await retry({ end: { at: '2020-01-01T00:00' } })).problem.code).toBe('end_in_past');
    expect((await retry({ end: null })).body).toMatchObject({ status: 'PENDING' });
    expect((await recipientsOf(api, batchId))[0]).toMatchObject({ status: 'PENDING', lastError: null });
    // The same while its row has still to follow the retry.
    await api.db.pool.query(
      `UPDATE recipient_states SET state = 'FAILED', last_error = 'BATCH_ENDED', generation = generation - 1 WHERE batch_id = $1`,
      [uuidOf(batchId)],
    );
    await api.db.pool.query(`UPDATE batches SET chunk_work = 'RETRY' WHERE id = $1`, [uuidOf(batchId)]);
    expect((await recipientsOf(api, batchId))[0]).toMatchObject({ status: 'PENDING', lastError: null });
  });

  it('is what a recipient waits for whose next call could start later only', async () => {
    const notBefore = new Date(Date.now() + 2 * DAY_MS).toISOString();
    const endAt = new Date(Date.now() + DAY_MS).toISOString();
    const people = [
      { phoneNumber: '+12025550111', notBefore },
      { phoneNumber: '+12025550112', notBefore: endAt.replace('Z', '+00:00'), notAfter: notBefore },
    ];
    const { body } = await create({ recipients: people, submit: true, end: { at: endAt } });
    await api.db.pool.query(`UPDATE batches SET status = 'RUNNING' WHERE id = $1`, [uuidOf(body.id)]);
    for (const { waitingFor } of await recipientsOf(api, body.id))
      expect(waitingFor).toMatchObject({ reason: 'BATCH_ENDED', until: endAt });
    await update(body.id, { end: null });
    const [first] = await recipientsOf(api, body.id);
    expect(first.waitingFor).toMatchObject({ reason: 'NOT_BEFORE', until: notBefore });
  });
});

describe('another time zone of a batch', () => {
  it('reads local start and end again, and says so in the answer', async () => {
    const [start, end] = [localIn(2, '09:00'), localIn(3)];
    const { body } = await create({ start: { at: start }, end: { at: end } });
    const changed = await update(body.id, { timeZone: 'Europe/Madrid' });
    const { startAt, endAt } = changed.body;
    expect(new Date(startAt).getTime() - new Date(body.startAt).getTime()).toBeGreaterThanOrEqual(7 * 3_600_000);
    expect(changed.body.warnings).toEqual([
      { code: 'start_read_again', message: `The start ${start} is read in Europe/Madrid now: ${startAt}.` },
      { code: 'end_read_again', message: `The end ${end} is read in Europe/Madrid now: ${endAt}.` },
    ]);
    expect((await update(body.id, { name: 'Same zone' })).body).toMatchObject({ startAt, endAt, warnings: [] });
  });

  it('leaves times that name their own offset, and those that are given with it', async () => {
    const at = new Date(Date.now() + 2 * DAY_MS).toISOString();
    const { body } = await create({ start: { at } });
    expect((await update(body.id, { timeZone: 'Europe/Madrid' })).body).toMatchObject({ startAt: at, warnings: [] });
    const start = localIn(3);
    const given = await update(body.id, { timeZone: 'UTC', start: { at: start } });
    expect(given.body).toMatchObject({ startAt: `${start}:00.000Z`, startLocal: start, warnings: [] });
  });

  it('is refused when a time that is read again lies in the past', async () => {
    const { body } = await create({ timeZone: 'America/Los_Angeles', end: { at: soonIn('America/Los_Angeles') } });
    const { status, problem } = await update(body.id, { timeZone: 'Asia/Tokyo' });
    expect([status, problem.code]).toEqual([422, 'end_in_past']);
    expect((await storedBatch(api, body.id)).timeZone).toBe('America/Los_Angeles');
  });
});

/** The local time in an hour. */
function soonIn(timeZone: string): string {
  const text = new Date(Date.now() + 3_600_000).toLocaleString('sv-SE', { timeZone });
  return text.slice(0, 16).replace(' ', 'T');
}

describe('a submit while an upload is not confirmed', () => {
  const submit = (batchId: string, json?: unknown) =>
    send(api, 'submitBatch', { params: { batchId }, ...(json !== undefined && { json }) });
  const imports = async (batchId: string) =>
    (await api.db.prisma.import.findMany({ where: { batchId: uuidOf(batchId) } })).map(({ status }) => status);
  const rowsLeft = async (batchId: string) => {
    const { rows } = await api.db.pool.query(
      'SELECT count(*)::int AS count FROM import_rows r JOIN imports i ON i.id = r.import_id WHERE i.batch_id = $1',
      [uuidOf(batchId)],
    );
    return rows[0].count;
  };

  it('is refused, and says what to do', async () => {
    const batchId = await draft(api, { window: ALL_DAY });
    await uploadCsv(api, batchId, CSV);
    const { status, problem } = await submit(batchId);
    expect([status, problem.code]).toEqual([409, 'uploads_under_review']);
    expect(problem.detail).toContain('Confirm or discard it');
    expect((await storedBatch(api, batchId)).status).toBe('DRAFT');
  });

  it('discards it when told to, in one commit with the submit', async () => {
    const batchId = await draft(api, { window: ALL_DAY });
    await uploadCsv(api, batchId, CSV);
    expect((await submit(batchId, { discardUploads: true })).body).toMatchObject({ status: 'SCHEDULED' });
    expect([await imports(batchId), await rowsLeft(batchId)]).toEqual([['DISCARDED'], 0]);
    const { body } = await send(api, 'listBatchEvents', { params: { batchId } });
    expect(body.data.map(({ action }: { action: string }) => action)).toContain('discard import');
  });

  it('discards nothing when the batch is not submitted', async () => {
    const batchId = await draft(api, { window: ALL_DAY, recipients: [] });
    await uploadCsv(api, batchId, CSV);
    expect((await submit(batchId, { discardUploads: true })).problem.code).toBe('batch_incomplete');
    expect([await imports(batchId), await rowsLeft(batchId)]).toEqual([['REVIEW'], 3]);
  });
});
