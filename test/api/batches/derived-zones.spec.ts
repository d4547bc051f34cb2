import { deriveZones } from '../../../store/hours/derive-zones.js';
import { uuidOf } from '../support/batch-rows.js';
import { uploadCsv } from '../support/imports.js';
import { batchBody, draft } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

const MANY = 7 * 1_000 + 1;
const update = (batchId: string, json: object) => send(api, 'updateBatch', { params: { batchId }, json });
const submit = (batchId: string) => send(api, 'submitBatch', { params: { batchId } });
const show = async (batchId: string) => (await send(api, 'getBatch', { params: { batchId } })).body;
const zoneSets = async (batchId: string): Promise<string[]> => {
  const { rows } = await api.db.pool.query(
    'SELECT zone_set FROM recipient_states WHERE batch_id = $1 ORDER BY ordinal',
    [uuidOf(batchId)],
  );
  return rows.map(({ zone_set }) => zone_set);
};
/** More than are derived before a change is answered. */
async function draftOfMany(): Promise<string> {
  const batchId = await draft(api, { recipients: [] });
  await api.db.pool.query(
    `SELECT insert_recipients($1, NULL, (SELECT jsonb_agg(jsonb_build_object('phone', '+1212' || (5550000 + n))) FROM generate_series(1, $2::int) n))`,
    [uuidOf(batchId), MANY],
  );
  return batchId;
}

describe('whose clock counts, changed in a draft that has recipients', () => {
  it('gives each recipient the zones that an upload would have given, and the draft is submitted with them', async () => {
    const recipients = [
      { phoneNumber: '+12125550141' },
      { phoneNumber: '+12125550142', variables: { timezone: 'Asia/Tokyo' } },
      { phoneNumber: '+12125550143', variables: { 'Time Zone': 'EST' } },
    ];
    const batchId = await draft(api, { recipients });
    expect(await zoneSets(batchId)).toEqual(['', '', '']);
    const changed = await update(batchId, { hoursIn: 'recipient' });
    expect(changed.body).toMatchObject({ hoursIn: 'recipient', zonesOutstanding: false });
    expect(await zoneSets(batchId)).toEqual(['America/New_York', 'Asia/Tokyo', '?']);
    expect((await submit(batchId)).body).toMatchObject({ status: 'SCHEDULED' });
    const { rows } = await api.db.pool.query('SELECT DISTINCT zone_set FROM openings WHERE batch_id = $1', [
      uuidOf(batchId),
    ]);
    expect(rows.map(({ zone_set }) => zone_set)).toEqual(expect.arrayContaining(['America/New_York', 'Asia/Tokyo']));
  });

  it('goes back, and follows the purpose and what becomes of unknown zones', async () => {
    const batchId = await draft(api, {
      hoursIn: 'recipient',
      recipients: [{ phoneNumber: '+12125550141' }, { phoneNumber: '12345678', ignoreE164Validation: true }],
    });
    expect(await zoneSets(batchId)).toEqual(['America/New_York', '?']);
    await update(batchId, { unknownZone: 'batch' });
    expect(await zoneSets(batchId)).toEqual(['America/New_York', '']);
    await update(batchId, { hoursIn: 'batch' });
    expect(await zoneSets(batchId)).toEqual(['', '']);
    await update(batchId, { purpose: 'telemarketing', unknownZone: 'hold' });
    expect(await zoneSets(batchId)).toEqual(['America/New_York', '?']);
  });

  it('keeps a large draft from being submitted until the last zone is derived, whoever derives it', async () => {
    const batchId = await draftOfMany();
    expect((await update(batchId, { hoursIn: 'recipient' })).body).toMatchObject({ zonesOutstanding: true });
    const refused = await submit(batchId);
    expect([refused.status, refused.problem.code]).toEqual([409, 'zones_outstanding']);
    expect(await show(batchId)).toMatchObject({ status: 'DRAFT' });
    // What a sweeper does; two of them at once do it no worse.
    const follow = async () => {
      while (await deriveZones(api.db.pool, uuidOf(batchId)));
    };
    await Promise.all([follow(), follow()]);
    expect(await show(batchId)).toMatchObject({ zonesOutstanding: false });
    expect(new Set(await zoneSets(batchId))).toEqual(new Set(['America/New_York']));
    expect((await submit(batchId)).body).toMatchObject({ status: 'SCHEDULED' });
  });

  it('begins again when it is changed once more half way', async () => {
    const batchId = await draftOfMany();
    await update(batchId, { hoursIn: 'recipient' });
    expect((await zoneSets(batchId)).at(-1)).toBe('');
    await update(batchId, { hoursIn: 'batch' });
    while (await deriveZones(api.db.pool, uuidOf(batchId)));
    expect(new Set(await zoneSets(batchId))).toEqual(new Set(['']));
    expect(await show(batchId)).toMatchObject({ zonesOutstanding: false });
  });

  it('keeps the zone that a person gives a recipient while its chunk is being derived', async () => {
    const batchId = await draft(api, { recipients: [{ phoneNumber: '+12125550141' }] });
    const uuid = uuidOf(batchId);
    await api.db.pool.query(`UPDATE batches SET hours_in = 'recipient', zones_through = 0 WHERE id = $1`, [uuid]);
    const { version } = await api.db.prisma.batch.findUniqueOrThrow({ where: { id: uuid } });
    const { id: recipientId, ordinal } = await api.db.prisma.recipient.findFirstOrThrow({ where: { batchId: uuid } });
    const { body } = await send(api, 'listRecipients', { params: { batchId } });
    const edited = await send(api, 'updateRecipient', {
      params: { recipientId: body.data[0].id },
      json: { timeZone: 'Asia/Tokyo' },
    });
    expect(edited.status).toBe(200);
    const rows = [{ id: recipientId, zoneSet: 'America/New_York' }];
    const stale = { version, from: 0, through: String(ordinal), rows };
    const answer = await api.db.pool.query('SELECT write_zone_sets($1, $2) AS done', [uuid, stale]);
    expect([answer.rows[0].done, await zoneSets(batchId)]).toEqual([false, ['Asia/Tokyo']]);
    while (await deriveZones(api.db.pool, uuid));
    expect(await zoneSets(batchId)).toEqual(['Asia/Tokyo']);
  });

  it('is derived beside edits of its recipients: none waits for another in a circle, and each edit holds', async () => {
    const phones = Array.from({ length: 30 }, (_, n) => ({ phoneNumber: `+1212555${String(2000 + n)}` }));
    const batchId = await draft(api, { recipients: phones });
    const { data } = (await send(api, 'listRecipients', { params: { batchId } })).body;
    const ids = data.map(({ id }: { id: string }) => id) as string[];
    await api.db.pool.query(`UPDATE batches SET hours_in = 'recipient', zones_through = 0 WHERE id = $1`, [
      uuidOf(batchId),
    ]);
    const follow = async () => {
      while (await deriveZones(api.db.pool, uuidOf(batchId)));
    };
    const edits = ids.map((recipientId, n) =>
      send(api, 'updateRecipient', {
        params: { recipientId },
        json: n % 2 === 0 ? { timeZone: 'Asia/Tokyo' } : { variables: { n: String(n) } },
      }),
    );
    const answers = await Promise.all([...edits, follow(), follow()]);
    expect(new Set(answers.slice(0, ids.length).map((answer) => answer?.status))).toEqual(new Set([200]));
    await follow();
    expect(await zoneSets(batchId)).toEqual(ids.map((_, n) => (n % 2 === 0 ? 'Asia/Tokyo' : 'America/New_York')));
  });

  it('is refused while an upload that was checked by it is not confirmed, and says so', async () => {
    const batchId = await draft(api);
    await uploadCsv(api, batchId, 'phone_number\n+12125550199\n');
    const { status, problem } = await update(batchId, { hoursIn: 'recipient' });
    expect([status, problem.code]).toEqual([409, 'field_locked']);
    expect(problem.detail).toContain('Confirm or discard it');
  });

  it('is copied by a duplicate with the zones of its own clock, and so is a draft between two', async () => {
    const batchId = await draftOfMany();
    await update(batchId, { hoursIn: 'recipient' });
    const params = { batchId };
    const copy = (await send(api, 'duplicateBatch', { params, json: { recipients: true } })).body;
    expect(copy).toMatchObject({ hoursIn: 'recipient' });
    while (await deriveZones(api.db.pool, uuidOf(copy.id)));
    expect(new Set(await zoneSets(copy.id))).toEqual(new Set(['America/New_York']));
  });

  it('is told to who listens and stands in the audit, as every change', async () => {
    const { body } = await send(api, 'createBatch', { json: batchBody(api) });
    await update(body.id, { hoursIn: 'recipient' });
    const events = (await send(api, 'listBatchEvents', { params: { batchId: body.id } })).body.data;
    expect(events.map(({ action }: { action: string }) => action)).toContain('edit');
  });
});
