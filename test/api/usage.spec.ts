import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { publicId } from '../../domain/ids.js';
import { keepLanes } from '../../store/lanes/keep-lanes.js';
import { acceptCall, claim, lane, seedBatch } from '../support/seed.js';
import { send, startTestApi, type TestApi } from './support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

it('usage says who holds the slots, who waits for some and how many each comes to hold, at this moment', async () => {
  const { db, workspace } = api;
  await send(api, 'updateWorkspace', { json: { concurrency: 6, callsPerSecond: 50 } });
  const phonesFrom = (first: number) => Array.from({ length: 10 }, (_, index) => `+1202555${String(first + index)}`);
  const large = await seedBatch(db, workspace, { phones: phonesFrom(1000) });
  const small = await seedBatch(db, workspace, { phones: phonesFrom(2000) });
  await db.pool.query('UPDATE batches SET reserved_concurrency = 2 WHERE id = $1', [large]);
  const answers = await claim(
    db,
    workspace,
    Array.from({ length: 8 }, () => lane(large)),
  );
  const calls = answers.flatMap((answer) => (answer.verdict === 'CLAIMED' ? [answer.call.id] : []));
  expect(calls).toHaveLength(4);
  await acceptCall(db.pool, calls[0]!, 'call-1');
  await keepLanes(db.pool, 'test', [large, small]);
  await claim(db, workspace, [lane(small), lane(small)]);
  const { rows } = await db.pool.query(
    `UPDATE phone_numbers SET backed_off_until = dialwright_now() + interval '1 minute', call_ceiling = 3
    WHERE id = $1 RETURNING phone`,
    [workspace.fromNumberId],
  );
  const { status, body } = await send(api, 'getUsage');
  expect(status).toBe(200);
  expect(body.slots).toEqual({ limit: 6, held: 4, dialing: 3, reserved: 2, forBatches: 0 });
  expect(body.callsPerSecond).toEqual({ limit: 50, now: 0.4 });
  expect(body.batches).toEqual([
    expect.objectContaining({ id: publicId('batch', large), live: 4, fairShare: 2 }),
    expect.objectContaining({ id: publicId('batch', small), live: 0, fairShare: 2 }),
  ]);
  expect(body.backedOffNumbers).toEqual([
    expect.objectContaining({ phoneNumber: rows[0].phone, until: expect.any(String), ceiling: 3, live: 4 }),
  ]);
  expect(body.workers).toMatchObject({ count: 1, seenAt: expect.any(String) });
  expect(body.temporal).toEqual({ ok: true });
  const { body: theirs } = await send(api, 'getUsage', { key: api.other.keys.viewer });
  expect([theirs.slots.held, theirs.batches, theirs.backedOffNumbers]).toEqual([0, [], []]);
});
