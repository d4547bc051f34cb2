import { parsePublicId, publicId } from '../../domain/ids.js';
import { batchBody, carrierAccount, draft, newAgent, newNumber } from './support/requests.js';
import { send, startTestApi, type TestApi } from './support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

const remove = async (operationId: string, params: Record<string, string>) => {
  const { status, problem } = await send(api, operationId, { params });
  return [status, status === 204 ? null : problem.code];
};

describe('what no batch ever had', () => {
  it('is deleted, found no more, and stands in the audit with what it was', async () => {
    const phoneNumberId = await newNumber(api);
    expect(await remove('deletePhoneNumber', { phoneNumberId })).toEqual([204, null]);
    expect(await remove('deletePhoneNumber', { phoneNumberId })).toEqual([404, 'not_found']);
    expect((await send(api, 'getPhoneNumber', { params: { phoneNumberId } })).status).toBe(404);
    const { body } = await send(api, 'listAudit', { query: { action: 'delete number' } });
    expect(body.data[0]).toMatchObject({
      ...{ targetKind: 'phoneNumber', targetId: phoneNumberId },
      before: { phone: expect.stringMatching(/^\+1202555/) },
    });
    const agentId = await newAgent(api);
    expect(await remove('deleteAgent', { agentId })).toEqual([204, null]);
    const providerAccountId = await carrierAccount(api);
    expect(await remove('deleteProviderAccount', { providerAccountId })).toEqual([204, null]);
    const { body: accounts } = await send(api, 'listAudit', { query: { action: 'delete account' } });
    expect(accounts.data[0].before.credentials ?? null).toBeNull();
  });

  it('is told to who listens', async () => {
    const phoneNumberId = await newNumber(api);
    await send(api, 'deletePhoneNumber', { params: { phoneNumberId } });
    const { rows } = await api.db.pool.query(`SELECT FROM live_changes WHERE kind = 'phoneNumber' AND id = $1`, [
      parsePublicId('phoneNumber', phoneNumberId),
    ]);
    expect(rows).toHaveLength(1);
  });
});

describe('what was used', () => {
  it('by a batch, a deleted draft too, is not deleted: it is to be disabled', async () => {
    const phoneNumberId = await newNumber(api);
    const agentId = await newAgent(api);
    const batchId = await draft(api, { fromNumberId: phoneNumberId, agentId });
    await send(api, 'deleteBatch', { params: { batchId } });
    expect(await remove('deletePhoneNumber', { phoneNumberId })).toEqual([409, 'in_use']);
    const { problem } = await send(api, 'deleteAgent', { params: { agentId } });
    expect([problem.code, problem.detail]).toEqual(['in_use', expect.stringContaining('Disable it')]);
  });

  it('by another setting has to be freed first: an outbound agent, an account with parts', async () => {
    const agentId = await newAgent(api);
    const phoneNumberId = await newNumber(api);
    await send(api, 'updatePhoneNumber', { params: { phoneNumberId }, json: { outboundAgentId: agentId } });
    expect(await remove('deleteAgent', { agentId })).toEqual([409, 'in_use']);
    await remove('deletePhoneNumber', { phoneNumberId });
    expect(await remove('deleteAgent', { agentId })).toEqual([204, null]);
    const providerAccountId = publicId('providerAccount', api.workspace.providerAccountId);
    expect(await remove('deleteProviderAccount', { providerAccountId })).toEqual([409, 'in_use']);
  });

  it('of another workspace is not found', async () => {
    const key = api.other.keys.admin;
    const phoneNumberId = await newNumber(api);
    expect((await send(api, 'deletePhoneNumber', { params: { phoneNumberId }, key })).status).toBe(404);
    expect((await send(api, 'getPhoneNumber', { params: { phoneNumberId } })).status).toBe(200);
  });

  it('by a batch that is made at the same moment: one of the two is told, and no request fails on our side', async () => {
    for (let round = 0; round < 10; round++) {
      const phoneNumberId = await newNumber(api);
      const json = batchBody(api, { fromNumberId: phoneNumberId });
      const [made, deleted] = await Promise.all([
        send(api, 'createBatch', { json }),
        send(api, 'deletePhoneNumber', { params: { phoneNumberId } }),
      ]);
      const statuses = [made.status, deleted.status];
      expect([
        [201, 409],
        [422, 204],
      ]).toContainEqual(statuses);
    }
  });
});
