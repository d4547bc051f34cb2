import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { publicId } from '../../../domain/ids.js';
import { changeBatch } from '../../../store/changes/change-batch.js';
import { seedBatch } from '../../support/seed.js';
import { draft, firstRecipient, seeded } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

describe('the events of a batch', () => {
  const events = async (batchId: string, query: Record<string, string> = {}) =>
    (await send(api, 'listBatchEvents', { params: { batchId }, query })).body;

  it('are listed newest first, page by page, with who did it and what was refused', async () => {
    const batchId = await seeded(api, { status: 'RUNNING', recipients: 1 });
    for (const action of ['pauseBatch', 'resumeBatch', 'resumeBatch'])
      await send(api, action, { params: { batchId }, key: api.keys.operator });
    const first = await events(batchId, { limit: '2' });
    const second = await events(batchId, { limit: '2', cursor: first.nextCursor });
    expect(
      [...first.data, ...second.data].map(({ action, applied }: { action: string; applied: boolean }) => [
        action,
        applied,
      ]),
    ).toEqual([
      ['resume', false],
      ['resume', true],
      ['pause', true],
    ]);
    expect([first.data[0].actor, second.nextCursor]).toEqual([expect.stringMatching(/^key_[0-9a-f]{32}$/), null]);
  });

  it('give the batch who changed its status last, and when', async () => {
    const changeOf = async (batchId: string) =>
      (await send(api, 'getBatch', { params: { batchId } })).body.statusChange;
    const batchId = await draft(api, { recipients: [{ phoneNumber: '+12025557003' }] });
    expect(await changeOf(batchId)).toBeNull();

    await send(api, 'submitBatch', { params: { batchId }, key: api.keys.admin });
    const submitted = await changeOf(batchId);
    await send(api, 'cancelBatch', { params: { batchId }, key: api.keys.operator });
    const cancelled = await changeOf(batchId);
    await send(api, 'renameBatch', { params: { batchId }, json: { name: 'Another' }, key: api.keys.admin });
    const renamed = await changeOf(batchId);

    const [{ at: renamedAt }, ...earlier] = (await events(batchId)).data;
    const [cancel, submit] = earlier;
    expect([submitted, cancelled]).toMatchObject([
      { actor: submit.actor },
      { actor: cancel.actor, actorName: 'operator' },
    ]);
    expect(cancelled.at > submitted.at && cancelled.at < renamedAt).toBe(true);
    expect(renamed).toEqual(cancelled);
    const { rows } = await api.db.pool.query(
      'SELECT status_changed_by AS by FROM batches WHERE status_changed_by ? $1',
      ['from'],
    );
    expect(rows).toEqual([]);
  });

  it('say what to do when a circuit breaker has opened', async () => {
    const uuid = await seedBatch(api.db, api.workspace);
    await changeBatch(api.db.pool, {
      workspaceId: api.workspace.workspaceId,
      batchId: uuid,
      action: 'pause',
      from: ['RUNNING'],
      actor: 'dialwright',
      commandId: null,
      patch: { breaker: { breaker: 'failureShare', share: 0.92, sampleSize: 50 }, statusReason: 'Paused by itself.' },
    });
    const [event] = (await events(publicId('batch', uuid))).data;
    expect(event).toMatchObject({
      action: 'circuit breaker opened',
      actor: 'dialwright',
      detail: { breaker: 'failureShare', share: 0.92, sampleSize: 50 },
      advice: expect.stringContaining('resume'),
    });
  });

  it('hold nothing of a person', async () => {
    const recipients = [{ phoneNumber: '+12025557003', name: 'Zoë Zebra', variables: { city: 'Łódź' } }];
    const batchId = await draft(api, { recipients });
    const removed = await firstRecipient(api, batchId);
    await send(api, 'addRecipients', { params: { batchId }, json: { recipients } });
    await send(api, 'removeRecipient', { params: { batchId, recipientId: removed } });
    await send(api, 'submitBatch', { params: { batchId } });
    await send(api, 'cancelBatch', { params: { batchId }, json: { hangUp: true } });
    const { data } = await events(batchId);
    expect(data.map(({ action }: { action: string }) => action)).toEqual([
      'cancel',
      'submit',
      'remove recipients',
      'add recipients',
      'create',
    ]);
    expect(JSON.stringify(data)).not.toMatch(/2025557003|Zebra|Łódź/);
  });
});
