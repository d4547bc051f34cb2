import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parsePublicId } from '../../../domain/ids.js';
import { confirmImport, recipientsOf, uploadCsv } from '../support/imports.js';
import { draft } from '../support/requests.js';
import { send, startTestApi, type Received, type TestApi } from '../support/test-api.js';

let api: TestApi;
let batchId: string;
beforeAll(async () => {
  api = await startTestApi();
});
beforeEach(async () => {
  batchId = await draft(api, { recipients: [{ phoneNumber: '+12025550199' }] });
});
afterAll(() => api.stop());

const PHONES = ['+12025550111', '+12025550112', '+12025550113', '+12025550114', '+12025550115'];
const CSV = `phone_number\n${PHONES.join('\n')}\n`;
const undo = (importId: string, headers: Record<string, string> = {}): Promise<Received> =>
  send(api, 'undoImport', { params: { importId }, headers });
async function confirmed(): Promise<string> {
  const importId = await uploadCsv(api, batchId, CSV);
  await confirmImport(api, importId);
  return importId;
}
const setState = (phone: string, state: string): Promise<unknown> =>
  api.db.pool.query(
    `UPDATE recipient_states SET state = $2, attempt_count = CASE $2 WHEN 'SUPPRESSED' THEN 0 ELSE 1 END
     WHERE phone = $1 AND batch_id = $3`,
    [phone, state, parsePublicId('batch', batchId)],
  );

describe('the undo of a confirmed import', () => {
  it('removes its recipients that were not called, and nobody else', async () => {
    const importId = await confirmed();
    const { body } = await undo(importId);
    expect(body).toMatchObject({ removedRecipients: 5, staying: { inCall: 0, called: 0, settled: 0 } });
    expect(body.import).toMatchObject({ status: 'CONFIRMED', undoneAt: expect.any(String) });
    expect(await recipientsOf(api, batchId)).toMatchObject([{ phoneNumber: '+12025550199' }]);
  });

  it('says how many stay and why, and removes who waits later when it is repeated', async () => {
    const importId = await confirmed();
    await setState(PHONES[0]!, 'IN_PROGRESS');
    await setState(PHONES[1]!, 'COMPLETED');
    await setState(PHONES[2]!, 'SUPPRESSED');
    const { body } = await undo(importId);
    expect(body).toMatchObject({ removedRecipients: 2, staying: { inCall: 1, called: 1, settled: 1 } });
    await api.db.pool.query(
      `UPDATE recipient_states SET state = 'WAITING', attempt_count = 0 WHERE state = 'IN_PROGRESS'`,
    );
    const again = await undo(importId);
    expect(again.body).toMatchObject({ removedRecipients: 1, staying: { inCall: 0, called: 1, settled: 1 } });
    expect(again.body.import.undoneAt).toBe(body.import.undoneAt);
  });

  it('answers a repetition with the same Idempotency-Key alike, and is in the audit once', async () => {
    const importId = await confirmed();
    const [first, second] = [
      await undo(importId, { 'idempotency-key': 'undo-1' }),
      await undo(importId, { 'idempotency-key': 'undo-1' }),
    ];
    expect(second.body).toEqual(first.body);
    const { body } = await send(api, 'listAudit', { query: { batchId, action: 'undo import' } });
    expect(body.data).toMatchObject([{ detail: { removedRecipients: 5, inCall: 0 } }]);
  });

  it('is refused before the confirm, while rows still move, and when the batch is over', async () => {
    const reviewed = await uploadCsv(api, batchId, CSV);
    expect((await undo(reviewed)).problem.code).toBe('import_not_confirmed');
    const importId = await confirmed();
    const id = parsePublicId('import', importId);
    await api.db.pool.query('UPDATE imports SET rows_outstanding = true WHERE id = $1', [id]);
    const moving = await undo(importId);
    expect([moving.status, moving.problem.code]).toEqual([409, 'import_rows_outstanding']);
    await api.db.pool.query('UPDATE imports SET rows_outstanding = false WHERE id = $1', [id]);
    await api.db.pool.query(`UPDATE batches SET status = 'COMPLETED', start_at = dialwright_now() WHERE id = $1`, [
      parsePublicId('batch', batchId),
    ]);
    expect((await undo(importId)).problem.code).toBe('action_not_allowed');
    expect(await recipientsOf(api, batchId)).toHaveLength(6);
  });
});
