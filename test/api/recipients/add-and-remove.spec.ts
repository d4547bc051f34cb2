import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { parsePublicId, publicId } from '../../../domain/ids.js';
import { readSettings } from '../../../platform/settings.js';
import { recordFacts } from '../../../store/facts/record-facts.js';
import { fact } from '../../store/support/facts.js';
import { claimOne, seedBatch } from '../../support/seed.js';
import { setWaits, storedBatch, uuidOf } from '../support/batch-rows.js';
import { recipientsOf, rowsOf, uploadCsv } from '../support/imports.js';
import { loseAnswer } from '../support/lose-answer.js';
import { batchBody, draft, firstRecipient, reviewedImport, seeded } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

const endCall = ({ id }: { id: string }) =>
  recordFacts(api.db.pool, api.workspace.providerAccountId, [fact(id, { outcome: 'BUSY', callId: `call of ${id}` })]);
const NOTHING = '0190a6f2c8e87b4f9d1e2a3b4c5d6e7f';

describe('removing recipients', () => {
  const remove = (batchId: string, json: unknown, headers = {}) =>
    send(api, 'removeRecipients', { params: { batchId }, json, headers });
  const shown = async (batchId: string): Promise<{ id: string; status: string }[]> =>
    (await send(api, 'listRecipients', { params: { batchId } })).body.data;

  it('takes out those who wait: never called they are gone, called before they are CANCELLED, others are left', async () => {
    const uuid = await seedBatch(api.db, api.workspace, { recipients: 4 });
    const batchId = publicId('batch', uuid);
    await setWaits(api, uuid, `due_at = CASE p.place WHEN 2 THEN now() - interval '1 hour' ELSE now() END`);
    await endCall(await claimOne(api.db, api.workspace, uuid));
    await setWaits(api, uuid, `state = CASE p.place WHEN 3 THEN 'COMPLETED' ELSE 'WAITING' END`);
    const ids = (await shown(batchId)).map(({ id }) => id);
    const json = { recipientIds: [...ids.slice(0, 3), publicId('recipient', randomUUID())] };
    expect((await remove(batchId, json)).body).toEqual({ removed: 2, left: 2 });
    expect((await shown(batchId)).map(({ id, status }) => [id, status])).toEqual([
      [ids[1], 'CANCELLED'],
      [ids[2], 'COMPLETED'],
      [ids[3], 'QUEUED'],
    ]);
    expect(await api.db.prisma.recipient.count({ where: { batchId: uuid } })).toBe(3);
    expect((await storedBatch(api, batchId)).wakeSentVersion).not.toBeNull();
  });

  it('takes out all of an import, and nobody else', async () => {
    const importId = await reviewedImport(api);
    await send(api, 'confirmImport', { params: { importId } });
    const { batchId } = (await send(api, 'getImport', { params: { importId } })).body;
    await setWaits(api, uuidOf(batchId), `state = CASE p.place WHEN 3 THEN 'IN_PROGRESS' ELSE 'WAITING' END`);
    expect((await remove(batchId, { importId })).body).toEqual({ removed: 1, left: 1 });
    expect((await shown(batchId)).map(({ status }) => status)).toEqual(['PENDING', 'IN_PROGRESS']);
    const unknown = publicId('import', randomUUID());
    expect((await remove(batchId, { importId: unknown })).body).toEqual({ removed: 0, left: 0 });
  });

  it('takes out an import of more rows than go at once, and tells of all of them', async () => {
    const importId = await reviewedImport(api);
    const { batchId } = (await send(api, 'getImport', { params: { importId } })).body;
    const rows = Array.from({ length: 5_001 }, (_, index) => ({ phone: `+1202${5_000_000 + index}` }));
    const uuid = parsePublicId('import', importId)!;
    await api.db.pool.query('SELECT insert_recipients($1, $2, $3)', [uuidOf(batchId), uuid, JSON.stringify(rows)]);
    const request = { params: { batchId }, json: { importId }, headers: { 'idempotency-key': randomUUID() } };
    expect((await send(api, 'removeRecipients', request)).body).toEqual({ removed: 5_001, left: 0 });
    await loseAnswer(api, request.headers['idempotency-key']);
    expect((await send(api, 'removeRecipients', request)).body).toEqual({ removed: 5_001, left: 0 });
    expect(await shown(batchId)).toHaveLength(1);
  });

  it('never reaches into another batch or workspace', async () => {
    const [mine, another] = [await draft(api), await draft(api)];
    const foreign = publicId('batch', await seedBatch(api.db, api.other.workspace));
    const ids = [await firstRecipient(api, another)];
    expect((await remove(mine, { recipientIds: ids })).body).toEqual({ removed: 0, left: 1 });
    expect((await remove(foreign, { recipientIds: ids })).status).toBe(404);
    const params = { batchId: mine, recipientId: ids[0]! };
    expect((await send(api, 'removeRecipient', { params })).status).toBe(404);
    expect(await shown(another)).toHaveLength(1);
  });

  it('is answered as it was when its request is repeated after the answer was lost', async () => {
    const batchId = await draft(api);
    const headers = { 'idempotency-key': randomUUID() };
    const json = { recipientIds: [await firstRecipient(api, batchId)] };
    const first = await remove(batchId, json, headers);
    await loseAnswer(api, headers['idempotency-key']);
    expect([first.body, (await remove(batchId, json, headers)).body]).toEqual([
      { removed: 1, left: 0 },
      { removed: 1, left: 0 },
    ]);
  });

  it('answers 409 when the batch is over', async () => {
    const batchId = await seeded(api, { status: 'COMPLETED' });
    const { status, problem } = await remove(batchId, { recipientIds: [`rcp_${NOTHING}`] });
    expect([status, problem.code]).toEqual([409, 'action_not_allowed']);
  });

  it.each([
    ['nobody', {}],
    ['an empty list', { recipientIds: [] }],
    ['ids and an import', { recipientIds: [`rcp_${NOTHING}`], importId: `imp_${NOTHING}` }],
  ])('refuses %s', async (_what, json) => {
    const { status, problem } = await remove(await draft(api), json);
    expect([status, problem.errors[0]?.field]).toEqual([422, 'recipientIds']);
  });

  it('refuses more than a thousand at once', async () => {
    const wide = await startTestApi({ settings: readSettings({}) });
    try {
      const json = { recipientIds: Array.from({ length: 1_001 }, () => publicId('recipient', randomUUID())) };
      const { status } = await send(wide, 'removeRecipients', { params: { batchId: `bat_${NOTHING}` }, json });
      expect(status).toBe(422);
    } finally {
      await wide.stop();
    }
  });
});

describe('recipients as JSON', () => {
  it.each([
    '12a',
    '',
    '1.2E+10',
    '12025550123',
    '+15555550100',
    '+1202',
    ' 0012025550111 ',
    "'+12025550111",
    '+12025550111.0',
  ])('are checked like those of a CSV, in the create request and added later: %j', async (phoneNumber) => {
    const batchId = await draft(api, { recipients: [] });
    const importId = await uploadCsv(api, batchId, `phone_number,x\n"${phoneNumber}",1\n`);
    const [rejected] = await rowsOf(api, importId, false);
    const [accepted] = await rowsOf(api, importId, true);
    const json = { recipients: [{ phoneNumber, variables: { x: '1' } }] };
    const added = await send(api, 'addRecipients', { params: { batchId }, json });
    const created = await send(api, 'createBatch', { json: batchBody(api, json) });
    const expected = rejected?.problems.map(({ code, message }: { code: string; message: string }) => [code, message]);
    for (const answer of [added, created]) {
      const errors =
        answer.status === 201 ? undefined : answer.problem.errors.map(({ code, message }) => [code, message]);
      expect(errors).toEqual(expected);
    }
    const [recipient] = await recipientsOf(api, batchId);
    expect(recipient?.phoneNumber).toBe(accepted?.recipient.phoneNumber);
  });
});
