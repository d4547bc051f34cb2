import { describe, expect, it } from '@jest/globals';
import { publicId } from '../../../domain/ids.js';
import { send, TEST_CALLS_PER_MINUTE_MAX, type TestApi } from '../support/test-api.js';

export function phoneNumberCases(getApi: () => TestApi): void {
  const accountId = (): string => publicId('providerAccount', getApi().workspace.providerAccountId);

  describe('agents and numbers', () => {
    it('are refused with an agent of another account, and a number that is none', async () => {
      const api = getApi();
      const json = { providerAccountId: accountId(), phoneNumber: '+12025550190' };
      const agentId = publicId('agent', api.other.workspace.agentId);
      expect((await send(api, 'createPhoneNumber', { json: { ...json, outboundAgentId: agentId } })).problem.code).toBe(
        'agent_not_found',
      );
      expect(
        (await send(api, 'createPhoneNumber', { json: { ...json, phoneNumber: '12a' } })).problem.errors[0],
      ).toMatchObject({ field: 'phoneNumber' });
      const params = { phoneNumberId: publicId('phoneNumber', api.workspace.fromNumberId) };
      expect((await send(api, 'updatePhoneNumber', { params, json: { outboundAgentId: agentId } })).problem.code).toBe(
        'agent_not_found',
      );
    });

    it('make no more test calls in a minute than are allowed', async () => {
      const { db, url, other } = getApi();
      const { workspace, keys } = other;
      await db.pool.query(
        `INSERT INTO batches (workspace_id, name, kind, from_number_id, agent_id, time_zone)
         SELECT $1, 'Test call', 'TEST', $2, $3, 'UTC' FROM generate_series(1, $4)`,
        [workspace.workspaceId, workspace.fromNumberId, workspace.agentId, TEST_CALLS_PER_MINUTE_MAX],
      );
      const params = { phoneNumberId: publicId('phoneNumber', workspace.fromNumberId) };
      const refused = await send({ url, keys }, 'testCall', { params, json: { phoneNumber: '+442079460118' } });
      expect([refused.status, refused.problem.code]).toEqual([429, 'too_many_test_calls']);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    });

    it('are listed page by page', async () => {
      const api = getApi();
      const first = await send(api, 'listPhoneNumbers', { query: { limit: '1' } });
      const second = await send(api, 'listPhoneNumbers', { query: { limit: '1', cursor: first.body.nextCursor } });
      expect(second.body.data[0].id).not.toBe(first.body.data[0].id);
    });
  });
}
