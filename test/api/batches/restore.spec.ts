import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parsePublicId } from '../../../domain/ids.js';
import { confirmImport } from '../../../store/imports/confirm-import.js';
import { moveImportRows } from '../../../store/batches/sweep-rows.js';
import { claim, lane, recipientStates } from '../../support/seed.js';
import { draft, seeded } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';

const DAY_MS = 86_400_000;
let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

const ask = (operation: string, batchId: string) => send(api, operation, { params: { batchId } });
const uuidOf = (batchId: string): string => parsePublicId('batch', batchId)!;
const deletedBefore = (batchId: string, ago: string) =>
  api.db.pool.query('UPDATE batches SET deleted_at = dialwright_now() - $2::interval WHERE id = $1', [
    uuidOf(batchId),
    ago,
  ]);

describe('a deleted batch', () => {
  it('says when it is deleted as what it comes back, and until when', async () => {
    const { status, body } = await ask('deleteBatch', await draft(api));
    expect(status).toBe(200);
    expect(body).toMatchObject({ restoresAs: 'DRAFT', wasCancelled: false });
    expect(Date.parse(body.restorableUntil) - Date.parse(body.deletedAt)).toBe(30 * DAY_MS);
  });

  it.each(['SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED'] as const)(
    'that was %s comes back as CANCELLED, as the answer to its delete has said, and calls nobody',
    async (status) => {
      const batchId = await seeded(api, { status, recipients: 3 });
      expect((await ask('deleteBatch', batchId)).body).toMatchObject({ restoresAs: 'CANCELLED', wasCancelled: true });
      const restored = await ask('restoreBatch', batchId);
      expect([restored.status, restored.body.status]).toEqual([200, 'CANCELLED']);
      expect(restored.body.counters.recipients).toMatchObject({ total: 3, CANCELLED: 3 });
      const claimed = await claim(api.db, api.workspace, [lane(uuidOf(batchId))]);
      expect(claimed.map(({ verdict }) => verdict)).not.toContain('CLAIMED');
      expect(await recipientStates(api.db, uuidOf(batchId))).toEqual(['CANCELLED', 'CANCELLED', 'CANCELLED']);
    },
  );

  it.each(['DRAFT', 'COMPLETED', 'CANCELLED', 'FAILED'] as const)(
    'that was %s comes back as it was, and is listed again',
    async (status) => {
      const batchId = status === 'DRAFT' ? await draft(api) : await seeded(api, { status, recipients: 1 });
      if (status !== 'DRAFT')
        await api.db.pool.query(`UPDATE batches SET finished_at = dialwright_now() - interval '1 hour' WHERE id = $1`, [
          uuidOf(batchId),
        ]);
      expect((await ask('deleteBatch', batchId)).body).toMatchObject({ restoresAs: status, wasCancelled: false });
      expect((await ask('restoreBatch', batchId)).body).toMatchObject({ id: batchId, status });
      const { body } = await send(api, 'listBatches', { query: { search: batchId } });
      expect(body.data).toHaveLength(1);
    },
  );

  it('comes back within 30 days, and not later', async () => {
    const [soon, late] = [await draft(api), await draft(api)];
    for (const batchId of [soon, late]) await ask('deleteBatch', batchId);
    await deletedBefore(soon, '29 days 23 hours');
    await deletedBefore(late, '30 days 1 second');
    expect((await ask('restoreBatch', soon)).status).toBe(200);
    const refused = await ask('restoreBatch', late);
    expect([refused.status, refused.problem.code]).toEqual([409, 'restore_too_late']);
    expect((await ask('getBatch', late)).status).toBe(404);
  });

  it('is not restored by another workspace', async () => {
    const batchId = await draft(api);
    await ask('deleteBatch', batchId);
    const theirs = await send(api, 'restoreBatch', { params: { batchId }, key: api.other.keys.admin });
    expect(theirs.status).toBe(404);
  });

  it('brings back the rows of an import that became recipients after the delete', async () => {
    const batchId = await draft(api, { recipients: [] });
    const file = { name: 'a.csv', content: 'phone_number\n+12025550111\n+12025550112\n' };
    const { body: uploaded } = await send(api, 'createImport', { params: { batchId }, file });
    const importId = parsePublicId('import', uploaded.id)!;
    // Confirmed by a process that died before the first row was moved.
    await confirmImport(api.db.pool, {
      ...{ workspaceId: api.workspace.workspaceId, batchId: uuidOf(batchId), importId },
      ...{ actor: 'test', commandId: null, from: ['DRAFT'] },
    });
    await ask('deleteBatch', batchId);
    while (await moveImportRows(api.db.pool, importId));
    expect((await ask('restoreBatch', batchId)).body.counters.recipients.total).toBe(2);
  });

  it('is in the audit with its restore', async () => {
    const batchId = await draft(api);
    await ask('deleteBatch', batchId);
    await ask('restoreBatch', batchId);
    const { data } = (await ask('listBatchEvents', batchId)).body;
    expect(data.map(({ action }: { action: string }) => action).slice(0, 2)).toEqual(['restore', 'delete']);
  });
});
