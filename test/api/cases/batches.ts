import { describe, expect, it } from '@jest/globals';
import { publicId } from '../../../domain/ids.js';
import { seedBatch } from '../../support/seed.js';
import { batchBody, draft, firstRecipient, seeded, WINDOW } from '../requests.js';
import { send, type TestApi } from '../test-api.js';

export function batchCases(getApi: () => TestApi): void {
  const bad = async (overrides: Record<string, unknown>) => {
    const api = getApi();
    const before = await countBatches(api);
    const received = await send(api, 'createBatch', { json: batchBody(api, overrides) });
    expect(await countBatches(api)).toBe(before);
    expect(received.problem.detail.length).toBeGreaterThan(20);
    return {
      status: received.status,
      code: received.problem.code,
      fields: received.problem.errors.map(({ field }) => field),
    };
  };

  describe('creating a batch', () => {
    it.each([
      ['a name of 0 characters', { name: '' }, 'name'],
      ['a name of 101 characters', { name: 'x'.repeat(101) }, 'name'],
      ['a name with a NUL', { name: 'a\0b' }, 'name'],
      ['a name that is a number', { name: 5 }, 'name'],
      ['a zone that does not exist', { timeZone: 'Europe/Atlantis\0' }, 'timeZone'],
      ['a range that ends where it starts', { window: { monday: [['09:00', '09:00']] } }, 'window.monday[0]'],
      ['an empty window', { window: {} }, 'window'],
      ['no window with submit', { window: undefined, submit: true }, 'window'],
      ['no recipient with submit', { recipients: [], submit: true }, 'recipients'],
      ['an id of another kind', { fromNumberId: 'agt_0190a6f2c8e87b4f9d1e2a3b4c5d6e7f' }, 'fromNumberId'],
      [
        'a recipient without a country code',
        { recipients: [{ phoneNumber: '+12025550111' }, { phoneNumber: '2025550111' }] },
        'recipients[1].phoneNumber',
      ],
      ['a recipient that is no object', { recipients: ['\ud800'] }, 'recipients[0]'],
      [
        'a recipient with an unknown agent',
        { recipients: [{ phoneNumber: '+12025550111', overrideAgentId: 'nobody' }] },
        'recipients[0].overrideAgentId',
      ],
      [
        'a variable that is no text',
        { recipients: [{ phoneNumber: '+12025550111', variables: { age: 5 } }] },
        'recipients[0].variables.age',
      ],
      ['a start that is no time', { start: 'tomorrow' }, 'start'],
    ])('refuses %s', async (_what, overrides, field) => {
      expect(await bad(overrides)).toEqual({ status: 422, code: 'validation_failed', fields: [field] });
    });

    it.each([
      ['a start in the past', { start: { at: '2020-01-01T09:00' } }, 'start_in_past'],
      [
        'a start that the clock skips',
        { timeZone: 'Europe/Madrid', start: { at: '2027-03-28T02:30' } },
        'start_skipped',
      ],
      ['a start that does not exist', { start: { at: '2027-02-30T09:00' } }, 'start_not_a_time'],
      ['a start in ten years', { start: { at: '2037-01-01T09:00' } }, 'start_too_far'],
    ])('refuses %s with a code of its own', async (_what, overrides, code) => {
      expect(await bad(overrides)).toEqual({ status: 422, code, fields: ['start'] });
    });

    it('refuses numbers and agents that cannot be used, each with a code of its own', async () => {
      const api = getApi();
      const { prisma } = api.db;
      const { workspaceId, providerAccountId, fromNumberId } = api.workspace;
      const account = await prisma.providerAccount.create({
        data: {
          workspaceId,
          kind: 'simulator',
          name: 'Second',
          baseUrl: 'http://127.0.0.1:9',
          apiKey: 'secret',
          webhookSecret: 'secret',
        },
      });
      const closed = await prisma.providerAccount.create({
        data: {
          workspaceId,
          kind: 'simulator',
          name: 'Closed',
          baseUrl: 'http://127.0.0.1:9',
          apiKey: 'secret',
          webhookSecret: 'secret',
          disabledAt: new Date(),
        },
      });
      const number = async (phone: string, data: object = {}) =>
        publicId(
          'phoneNumber',
          (await prisma.phoneNumber.create({ data: { workspaceId, providerAccountId, phone, ...data } })).id,
        );
      const agent = async (name: string, data: object = {}) =>
        publicId(
          'agent',
          (
            await prisma.agent.create({
              data: { workspaceId, providerAccountId, providerAgentId: name, name, ...data },
            })
          ).id,
        );
      const nothing = '0190a6f2c8e87b4f9d1e2a3b4c5d6e7f';
      const cases: [Record<string, unknown>, string, string][] = [
        [{ fromNumberId: `num_${nothing}` }, 'from_number_not_found', 'fromNumberId'],
        [
          { fromNumberId: publicId('phoneNumber', api.other.workspace.fromNumberId) },
          'from_number_not_found',
          'fromNumberId',
        ],
        [
          { fromNumberId: await number('+12025550180', { disabledAt: new Date() }) },
          'from_number_disabled',
          'fromNumberId',
        ],
        [
          { fromNumberId: await number('+12025550181', { outbound: false }) },
          'from_number_inbound_only',
          'fromNumberId',
        ],
        [
          { fromNumberId: await number('+12025550182', { providerAccountId: closed.id }) },
          'provider_account_disabled',
          'fromNumberId',
        ],
        [{ fromNumberId: await number('+12025550183') }, 'agent_missing', 'agentId'],
        [{ agentId: `agt_${nothing}` }, 'agent_not_found', 'agentId'],
        [{ agentId: publicId('agent', api.other.workspace.agentId) }, 'agent_not_found', 'agentId'],
        [{ agentId: await agent('off', { disabledAt: new Date() }) }, 'agent_disabled', 'agentId'],
        [{ agentId: await agent('elsewhere', { providerAccountId: account.id }) }, 'agent_of_other_account', 'agentId'],
      ];
      for (const [overrides, code, field] of cases) {
        expect(await bad({ fromNumberId: publicId('phoneNumber', fromNumberId), ...overrides })).toEqual({
          status: 422,
          code,
          fields: [field],
        });
      }
    });

    it('starts it when it is submitted at once, and makes its run', async () => {
      const api = getApi();
      const { body } = await send(api, 'createBatch', {
        json: batchBody(api, { submit: true, limits: { concurrency: 3 } }),
      });
      expect(body).toMatchObject({
        status: 'SCHEDULED',
        limits: { concurrency: 3 },
        agent: { name: 'Ana' },
        counters: { recipients: { total: 1, PENDING: 1 } },
      });
      const openings = await api.db.prisma.opening.findMany({ where: { batch: { name: body.name } } });
      expect(openings.length).toBeGreaterThan(0);
      if (process.env['TEST_TEMPORAL_ADDRESS'])
        expect((await api.client.workflow.getHandle(body.id).describe()).status.name).toBe('RUNNING');
    });

    it('warns about a name that another batch has', async () => {
      const api = getApi();
      await draft(api, { name: 'Twice' });
      const { body } = await send(api, 'getBatch', { params: { batchId: await draft(api, { name: 'Twice' }) } });
      expect(body.warnings).toEqual([expect.objectContaining({ code: 'duplicate_name' })]);
    });
  });

  describe('a batch', () => {
    const changes = ['edit', 'add recipients', 'remove recipients'];
    const always = ['rename', 'duplicate', 'delete'];
    it.each([
      ['submitBatch', 'RUNNING', [...changes, 'pause', 'cancel', ...always]],
      ['pauseBatch', 'SCHEDULED', [...changes, 'cancel', ...always]],
      ['resumeBatch', 'RUNNING', [...changes, 'pause', 'cancel', ...always]],
      ['cancelBatch', 'COMPLETED', ['retry', ...always]],
      ['retryBatch', 'PAUSED', [...changes, 'resume', 'cancel', ...always]],
    ] as const)('answers 409 to %s when it is %s, and says what is allowed', async (action, status, allowed) => {
      const api = getApi();
      const batchId = await seeded(api, { status });
      const { status: answered, problem } = await send(api, action, { params: { batchId } });
      expect([answered, problem.code]).toEqual([409, 'action_not_allowed']);
      expect(problem).toMatchObject({ batchStatus: status, allowedActions: allowed });
      expect((await send(api, 'getBatch', { params: { batchId } })).body.status).toBe(status);
    });

    it('cannot be retried when nobody failed', async () => {
      const api = getApi();
      const batchId = await seeded(api, { status: 'COMPLETED', recipients: 0 });
      expect((await send(api, 'retryBatch', { params: { batchId } })).problem.code).toBe('nothing_to_retry');
    });

    it('is submitted only with a window, a recipient and a start ahead', async () => {
      const api = getApi();
      const submit = async (batchId: string) => (await send(api, 'submitBatch', { params: { batchId } })).problem.code;
      expect(await submit(await draft(api, { window: undefined }))).toBe('no_window');
      expect(await submit(await draft(api, { recipients: [] }))).toBe('no_recipients');
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
      expect((await send(api, 'deleteBatch', { params })).status).toBe(204);
      expect((await send(api, 'getBatch', { params })).status).toBe(404);
      expect((await send(api, 'deleteBatch', { params })).status).toBe(404);
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
      expect(
        (await send(api, 'listBatches', { query: { search: 'Zebra', status: 'RUNNING,PAUSED' } })).body.data,
      ).toHaveLength(0);
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
        where: { batchId: uuid, configVersion: batch.configVersion },
      });
      expect(batch.configVersion).toBe(2);
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

    it('refuses a name of 101 characters, a bad zone and a past start', async () => {
      const batchId = await draft(getApi());
      for (const json of [{ name: 'x'.repeat(101) }, { timeZone: 'Mars' }, { start: { at: '2020-01-01T00:00:00Z' } }])
        expect((await update(batchId, json)).status).toBe(422);
      expect((await send(getApi(), 'renameBatch', { params: { batchId }, json: { name: ' ' } })).status).toBe(422);
    });
  });

  describe('recipients', () => {
    it('are added to an open batch, and not to one that is over', async () => {
      const api = getApi();
      const json = { recipients: [{ phoneNumber: '+12025550177' }] };
      const batchId = await seeded(api, { status: 'RUNNING', recipients: 1 });
      expect((await send(api, 'addRecipients', { params: { batchId }, json })).body).toEqual({ batchId, added: 1 });
      expect((await send(api, 'getCounters', { params: { batchId } })).body.recipients.total).toBe(2);
      const over = await send(api, 'addRecipients', {
        params: { batchId: await seeded(api, { status: 'COMPLETED' }) },
        json,
      });
      expect([over.status, over.problem.code]).toEqual([409, 'action_not_allowed']);
    });

    it('are removed one by one while they wait, and not once they are called or the batch is over', async () => {
      const api = getApi();
      const remove = async (status: 'RUNNING' | 'COMPLETED', state: string) => {
        const uuid = await seedBatch(api.db, api.workspace, { status, recipients: 1 });
        await api.db.pool.query('UPDATE recipient_states SET state = $2 WHERE batch_id = $1', [uuid, state]);
        const batchId = publicId('batch', uuid);
        const params = { batchId, recipientId: await firstRecipient(api, batchId) };
        const { status: answered, problem } = await send(api, 'removeRecipient', { params });
        return [answered, problem.code];
      };
      expect((await remove('RUNNING', 'WAITING'))[0]).toBe(204);
      expect(await remove('RUNNING', 'IN_PROGRESS')).toEqual([409, 'recipient_not_waiting']);
      expect(await remove('COMPLETED', 'NO_ANSWER')).toEqual([409, 'action_not_allowed']);
    });

    it('are all refused when one is wrong', async () => {
      const api = getApi();
      const batchId = await draft(api);
      const { problem } = await send(api, 'addRecipients', {
        params: { batchId },
        json: { recipients: [{ phoneNumber: '+12025550177' }, { phoneNumber: '12a' }] },
      });
      expect(problem.errors.map(({ field }) => field)).toEqual(['recipients[1].phoneNumber']);
      expect((await send(api, 'getCounters', { params: { batchId } })).body.recipients.total).toBe(1);
    });

    it('are listed page by page in order of arrival and by status, and found by number, part of a number and name', async () => {
      const api = getApi();
      const batchId = await draft(api, {
        recipients: ['1', '2', '3'].map((digit) => ({ phoneNumber: `+1202555014${digit}`, name: `Zoë %${digit}` })),
      });
      const params = { batchId };
      for (const sort of ['ordinal', 'status']) {
        const first = await send(api, 'listRecipients', { params, query: { limit: '2', sort } });
        const second = await send(api, 'listRecipients', {
          params,
          query: { limit: '2', sort, cursor: first.body.nextCursor },
        });
        const phones = [...first.body.data, ...second.body.data].map(
          ({ phoneNumber }: { phoneNumber: string }) => phoneNumber,
        );
        expect([phones, second.body.nextCursor]).toEqual([['+12025550141', '+12025550142', '+12025550143'], null]);
      }
      const found = async (text: string) =>
        (await send(api, 'searchRecipients', { params, json: { text } })).body.data.length;
      expect([
        await found('+1 (202) 555-0142'),
        await found('50143'),
        await found('zoë'),
        await found('%'),
        await found('_'),
      ]).toEqual([1, 1, 3, 3, 0]);
      const page = await send(api, 'searchRecipients', { params, json: { text: 'zoë', limit: 2 } });
      expect(
        (await send(api, 'searchRecipients', { params, json: { text: 'zoë', limit: 2, cursor: page.body.nextCursor } }))
          .body.data,
      ).toHaveLength(1);
    });

    it('show when they may be called at the earliest', async () => {
      const api = getApi();
      const uuid = await seedBatch(api.db, api.workspace, { recipients: 0 });
      const params = { batchId: publicId('batch', uuid) };
      await send(api, 'addRecipients', {
        params,
        json: { recipients: [{ phoneNumber: '+12025550171', notBefore: '2027-01-01T08:00:00Z' }] },
      });
      const recipientId = await firstRecipient(api, params.batchId);
      const { body } = await send(api, 'getRecipient', { params: { recipientId } });
      expect(body).toMatchObject({
        status: 'PENDING',
        waitingFor: { reason: 'NOT_BEFORE', until: '2027-01-01T08:00:00.000Z' },
        attemptList: [],
      });
      expect((await send(api, 'getCounters', { params })).body.recipients).toMatchObject({ PENDING: 1, QUEUED: 0 });
      expect((await send(api, 'listRecipients', { params, query: { status: 'QUEUED' } })).body.data).toHaveLength(0);
    });
  });
}

async function countBatches(api: TestApi): Promise<number> {
  return api.db.prisma.batch.count();
}
