import { describe, expect, it } from '@jest/globals';
import { publicId } from '../../../domain/ids.js';
import { seedBatch } from '../../support/seed.js';
import { batchBody, draft, seeded, WINDOW } from '../support/requests.js';
import { send, type TestApi } from '../support/test-api.js';

export function batchCases(getApi: () => TestApi): void {
  describe('a batch', () => {
    const settles = 'settleUncertain';
    const changes = ['edit', 'addRecipients', 'removeRecipients', 'editRecipients', settles];
    const always = ['rename', 'duplicate', 'delete'];
    it.each([
      ['submitBatch', 'RUNNING', [...changes, 'pause', 'cancel', ...always]],
      ['pauseBatch', 'SCHEDULED', [...changes, 'cancel', ...always]],
      ['resumeBatch', 'RUNNING', [...changes, 'pause', 'cancel', ...always]],
      ['cancelBatch', 'COMPLETED', [settles, 'retry', ...always]],
      ['retryBatch', 'PAUSED', [...changes, 'resume', 'cancel', ...always]],
    ] as const)('answers 409 to %s when it is %s, and says what is allowed', async (action, status, allowed) => {
      const api = getApi();
      const batchId = await seeded(api, { status });
      const { status: answered, problem } = await send(api, action, { params: { batchId } });
      expect([answered, problem.code]).toEqual([409, 'action_not_allowed']);
      expect(problem).toMatchObject({ batchStatus: status, allowedNow: allowed });
      expect((await send(api, 'getBatch', { params: { batchId } })).body.status).toBe(status);
    });

    it('says of each action whether it is possible, why not, and how many recipients it would touch', async () => {
      const params = { batchId: await seeded(getApi(), { status: 'RUNNING', recipients: 3 }) };
      const { allowedActions } = (await send(getApi(), 'getBatch', { params })).body;
      expect(allowedActions).toMatchObject({
        cancel: { allowed: true, whyNot: null, count: 3 },
        rename: { allowed: true, whyNot: null, count: null },
        resume: {
          allowed: false,
          whyNot: { code: 'wrong_status', message: 'The batch is RUNNING. It can be resumed when it is PAUSED.' },
          count: 0,
        },
      });
    });

    it('cannot be retried when nobody failed', async () => {
      const api = getApi();
      const batchId = await seeded(api, { status: 'COMPLETED', recipients: 0 });
      expect((await send(api, 'retryBatch', { params: { batchId } })).problem.code).toBe('nothing_to_retry');
    });

    it('is submitted only with a window, a recipient and a start ahead', async () => {
      const api = getApi();
      const submit = async (batchId: string) => (await send(api, 'submitBatch', { params: { batchId } })).problem.code;
      expect(await submit(await draft(api, { window: undefined }))).toBe('batch_incomplete');
      expect(await submit(await draft(api, { recipients: [] }))).toBe('batch_incomplete');
      const late = await draft(api, { start: { at: '2027-01-01T09:00' } });
      await api.db.pool.query(
        `UPDATE batches SET start_at = dialwright_now() - interval '1 hour' WHERE status = 'DRAFT' AND start_at IS NOT NULL`,
      );
      expect(await submit(late)).toBe('start_in_past');
    });

    it('pauses, resumes, cancels and comes back, and shows its recipients accordingly at every step', async () => {
      const api = getApi();
      const batchId = await seeded(api, { status: 'RUNNING', recipients: 2 });
      const params = { batchId };
      const shown = async () =>
        (await send(api, 'listRecipients', { params })).body.data.map(
          ({ status, waitingFor }: { status: string; waitingFor: { reason: string } | null }) => [
            status,
            waitingFor?.reason ?? null,
          ],
        );
      const counted = async () => (await send(api, 'getCounters', { params })).body.recipients;
      expect(await shown()).toEqual([
        ['QUEUED', 'READY'],
        ['QUEUED', 'READY'],
      ]);
      expect(await counted()).toMatchObject({ QUEUED: 2, PENDING: 0, total: 2 });
      expect((await send(api, 'pauseBatch', { params })).body).toMatchObject({ status: 'PAUSED' });
      expect(await shown()).toEqual([
        ['PENDING', 'PAUSED'],
        ['PENDING', 'PAUSED'],
      ]);
      expect((await send(api, 'getBatch', { params })).body.why).toMatchObject({ reason: 'PAUSED', until: null });
      expect((await send(api, 'resumeBatch', { params })).body).toMatchObject({ status: 'RUNNING' });
      expect((await send(api, 'cancelBatch', { params })).body).toMatchObject({ status: 'CANCELLED' });
      expect(await shown()).toEqual([
        ['CANCELLED', null],
        ['CANCELLED', null],
      ]);
      expect((await send(api, 'retryBatch', { params })).body).toMatchObject({ status: 'PENDING' });
      expect(await counted()).toMatchObject({ PENDING: 2, CANCELLED: 0 });
    });

    it('shows recipients as its status says while their rows have not followed yet', async () => {
      const api = getApi();
      const uuid = await seedBatch(api.db, api.workspace, { status: 'CANCELLED', recipients: 2 });
      const params = { batchId: publicId('batch', uuid) };
      await api.db.pool.query(`UPDATE batches SET chunk_work = 'CANCEL' WHERE id = $1`, [uuid]);
      expect((await send(api, 'getCounters', { params })).body.recipients).toMatchObject({ CANCELLED: 2, PENDING: 0 });
      expect((await send(api, 'listRecipients', { params, query: { status: 'CANCELLED' } })).body.data).toHaveLength(2);
      await api.db.pool.query(`UPDATE recipient_states SET state = 'NO_ANSWER' WHERE batch_id = $1`, [uuid]);
      await api.db.pool.query(
        `UPDATE batches SET status = 'RUNNING', chunk_work = 'RETRY', generation = 2 WHERE id = $1`,
        [uuid],
      );
      expect((await send(api, 'getCounters', { params })).body.recipients).toMatchObject({ PENDING: 2, NO_ANSWER: 0 });
      const { body } = await send(api, 'listRecipients', { params, query: { status: 'PENDING' } });
      expect(body.data[0]).toMatchObject({ status: 'PENDING', waitingFor: { reason: 'RETRY_OUTSTANDING' } });
      expect((await send(api, 'listRecipients', { params, query: { status: 'NO_ANSWER' } })).body.data).toHaveLength(0);
    });

    it('says until when it is closed', async () => {
      const api = getApi();
      const batchId = await seeded(api, {
        status: 'RUNNING',
        opening: { opensInMs: 3_600_000, closesInMs: 7_200_000 },
      });
      const { body } = await send(api, 'getBatch', { params: { batchId } });
      expect(body.why).toMatchObject({ reason: 'OUTSIDE_HOURS', until: expect.stringMatching(/^20/) });
      expect(body.counters.recipients).toMatchObject({ QUEUED: 0, PENDING: 3 });
    });

    it('shows that its workflow does not answer', async () => {
      const api = getApi();
      const uuid = await seedBatch(api.db, api.workspace);
      await api.db.pool.query(
        `UPDATE batches SET unanswered_since = dialwright_now() - interval '61 s' WHERE id = $1`,
        [uuid],
      );
      expect(
        (await send(api, 'getBatch', { params: { batchId: publicId('batch', uuid) } })).body.workflowProblem,
      ).toMatchObject({ since: expect.any(String) });
    });

    it('is not found once it is deleted', async () => {
      const api = getApi();
      const params = { batchId: await draft(api) };
      expect((await send(api, 'deleteBatch', { params })).status).toBe(200);
      expect((await send(api, 'getBatch', { params })).status).toBe(404);
      expect((await send(api, 'deleteBatch', { params })).status).toBe(404);
    });

    it('is not restored when it is not deleted', async () => {
      const api = getApi();
      const { status, problem } = await send(api, 'restoreBatch', { params: { batchId: await draft(api) } });
      expect([status, problem.code]).toEqual([409, 'batch_not_deleted']);
    });

    it('is listed newest first, page by page, and found by name and by id', async () => {
      const api = getApi();
      const made = [
        await draft(api, { name: 'Zebra 1' }),
        await draft(api, { name: 'zebra 2' }),
        await draft(api, { name: 'ZEBRA 3' }),
      ];
      const first = await send(api, 'listBatches', { query: { search: 'Zebra', limit: '2' } });
      expect(first.body.data.map(({ id }: { id: string }) => id)).toEqual([made[2], made[1]]);
      const second = await send(api, 'listBatches', {
        query: { search: 'Zebra', limit: '2', cursor: first.body.nextCursor },
      });
      expect([second.body.data.map(({ id }: { id: string }) => id), second.body.nextCursor]).toEqual([[made[0]], null]);
      expect((await send(api, 'listBatches', { query: { search: made[1]! } })).body.data).toHaveLength(1);
      for (const [status, found] of [
        [['RUNNING', 'PAUSED'], 0],
        [['RUNNING', 'DRAFT'], 3],
        ['DRAFT', 3],
      ] as const)
        expect((await send(api, 'listBatches', { query: { search: 'Zebra', status } })).body.data).toHaveLength(found);
      const inOne = await send(api, 'listBatches', { query: { status: 'RUNNING,DRAFT' } });
      expect([inOne.status, inOne.problem.errors[0]?.field]).toEqual([422, 'status[0]']);
      expect(
        (await send(api, 'listBatches', { query: { search: 'Zebra' }, key: api.other.keys.admin })).body.data,
      ).toHaveLength(0);
    });

    it('has its run in Temporal, which says when no worker answers', async () => {
      const api = getApi();
      const { body } = await send(api, 'createBatch', { json: batchBody(api, { submit: true }) });
      const run = await send(api, 'getRun', { params: { batchId: body.id } });
      if (!process.env['TEST_TEMPORAL_ADDRESS'])
        return expect(run.body).toMatchObject({ available: false, state: null });
      expect(run.body).toMatchObject({
        available: true,
        workflowId: body.id,
        status: 'RUNNING',
        state: null,
        stateMissing: 'No worker answered within 800 ms.',
      });
      expect(run.body.link).toBe(`http://ui.test/namespaces/default/workflows/${body.id}/${run.body.runId}/history`);
    });
  });

  describe('changing a batch', () => {
    const update = async (batchId: string, json: unknown) =>
      send(getApi(), 'updateBatch', { params: { batchId }, json });

    it('changes every field of a draft', async () => {
      const api = getApi();
      const json = {
        name: 'B',
        timeZone: 'America/New_York',
        window: { friday: [['22:00', '02:00']] },
        start: { at: '2027-01-01T09:00' },
        limits: { concurrency: 7 },
        agentId: null,
      };
      const { body } = await update(await draft(api), json);
      expect(body).toMatchObject({
        name: 'B',
        timeZone: 'America/New_York',
        window: json.window,
        startAt: '2027-01-01T14:00:00.000Z',
        limits: { concurrency: 7 },
      });
    });

    it('writes new openings with a new window, and none of the old remain in force', async () => {
      const api = getApi();
      const uuid = await seedBatch(api.db, api.workspace);
      await update(publicId('batch', uuid), { window: { sunday: [['03:00', '04:00']] } });
      const batch = await api.db.prisma.batch.findUniqueOrThrow({ where: { id: uuid } });
      const openings = await api.db.prisma.opening.findMany({
        where: { batchId: uuid, hoursVersion: batch.hoursVersion },
      });
      expect(batch.hoursVersion).toBe(2);
      expect(openings.every((opening) => opening.closesAt.getTime() - opening.opensAt.getTime() === 3_600_000)).toBe(
        true,
      );
      expect(openings.length).toBeGreaterThan(0);
    });

    it.each([
      ['SCHEDULED', { agentId: null }, 'field_locked'],
      ['RUNNING', { start: 'now' }, 'field_locked'],
      ['PAUSED', { fromNumberId: 'num_0190a6f2c8e87b4f9d1e2a3b4c5d6e7f' }, 'field_locked'],
      ['COMPLETED', { window: WINDOW }, 'action_not_allowed'],
    ] as const)('answers 409 in %s to %j', async (status, json, code) => {
      const batchId = await seeded(getApi(), { status });
      const { status: answered, problem } = await update(batchId, json);
      expect([answered, problem.code]).toEqual([409, code]);
      expect(problem).toMatchObject({ batchStatus: status });
    });

    it('renames in every status', async () => {
      expect((await update(await seeded(getApi(), { status: 'COMPLETED' }), { name: 'Done' })).body.name).toBe('Done');
    });

    it('takes a note in every status, shows it, and duplicates it', async () => {
      const batchId = await seeded(getApi(), { status: 'COMPLETED' });
      const note = `${'n'.repeat(1_999)}.`;
      expect((await update(batchId, { note: ` ${note} ` })).body).toMatchObject({ status: 'COMPLETED', note });
      const { data } = (await send(getApi(), 'listBatchEvents', { params: { batchId } })).body;
      expect(data[0]).toMatchObject({ action: 'edit', applied: true, detail: { patch: { note } } });
      expect((await send(getApi(), 'duplicateBatch', { params: { batchId } })).body.note).toBe(note);
      expect((await update(batchId, { note: `${note}.` })).status).toBe(422);
      expect((await update(batchId, { note: null })).body.note).toBe(null);
      expect((await update(batchId, { note: 'and', window: WINDOW })).problem.code).toBe('action_not_allowed');
    });

    it('refuses a name of 101 characters, a bad zone and a past start', async () => {
      const batchId = await draft(getApi());
      for (const json of [{ name: 'x'.repeat(101) }, { timeZone: 'Mars' }, { start: { at: '2020-01-01T00:00:00Z' } }])
        expect((await update(batchId, json)).status).toBe(422);
      expect((await send(getApi(), 'renameBatch', { params: { batchId }, json: { name: ' ' } })).status).toBe(422);
    });
  });
}
