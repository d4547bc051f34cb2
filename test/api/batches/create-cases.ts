import { describe, expect, it } from '@jest/globals';
import { publicId } from '../../../domain/ids.js';
import { eventually } from '../../support/eventually.js';
import { countRows } from '../support/count-rows.js';
import { batchBody, draft } from '../support/requests.js';
import { send, type TestApi } from '../support/test-api.js';

export function createBatchCases(getApi: () => TestApi): void {
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
          credentials: 'sealed',
        },
      });
      const closed = await prisma.providerAccount.create({
        data: {
          workspaceId,
          kind: 'simulator',
          name: 'Closed',
          baseUrl: 'http://127.0.0.1:9',
          credentials: 'sealed',
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
        [{ fromNumberId: await number('+12025550183'), submit: true }, 'agent_missing', 'agentId'],
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
      if (!process.env['TEST_TEMPORAL_ADDRESS']) return;
      // The answer does not wait for Temporal.
      const run = await eventually(() => api.client.workflow.getHandle(body.id).describe());
      expect(run.status.name).toBe('RUNNING');
    });

    it('warns about a name that another batch has', async () => {
      const api = getApi();
      const first = await draft(api, { name: 'Twice' });
      const { body } = await send(api, 'getBatch', { params: { batchId: await draft(api, { name: 'Twice' }) } });
      expect(body.warnings).toEqual([expect.objectContaining({ code: 'duplicate_name', batchId: first })]);
    });
  });

  describe('a JSON body over the limit', () => {
    it('is refused with a hint at CSV, and creates nothing', async () => {
      const api = getApi();
      const before = await countRows(api);
      const recipients = Array.from({ length: 120_000 }, () => ({
        phoneNumber: '+12025550111',
        variables: { note: 'x'.repeat(60) },
      }));
      const { status, problem } = await send(api, 'createBatch', { json: batchBody(api, { recipients }) });
      expect([status, problem.code]).toEqual([413, 'body_too_large']);
      expect(problem.detail).toContain('imports');
      expect(await countRows(api)).toEqual(before);
    });
  });
}

async function countBatches(api: TestApi): Promise<number> {
  return api.db.prisma.batch.count();
}
