import { describe, expect, it } from '@jest/globals';
import { publicId } from '../../../domain/ids.js';
import { seedBatch } from '../../support/seed.js';
import { REQUESTS } from '../support/requests.js';
import { send, type TestApi } from '../support/test-api.js';

export function agentCases(getApi: () => TestApi): void {
  describe('agents and numbers', () => {
    it('are refused for an account that does not exist, or twice', async () => {
      const api = getApi();
      for (const id of ['createAgent', 'createPhoneNumber']) {
        const request = await REQUESTS[id]!(api);
        const elsewhere = publicId('providerAccount', api.other.workspace.providerAccountId);
        const unknown = await send(api, id, { json: { ...(request.json as object), providerAccountId: elsewhere } });
        expect([unknown.status, unknown.problem.code]).toEqual([422, 'provider_account_not_found']);
        const first = await send(api, id, request);
        const second = await send(api, id, request);
        expect([second.status, second.problem.code]).toEqual([409, 'already_exists']);
        expect(second.problem).toMatchObject({ existingId: first.body.id });
      }
    });

    it.each(['agent', 'number'] as const)(
      'pause the running batches of an %s that is disabled, with the reason',
      async (what) => {
        const api = getApi();
        const batchId = publicId('batch', await seedBatch(api.db, api.workspace));
        const disable = (disabled: boolean) =>
          what === 'agent'
            ? send(api, 'updateAgent', {
                params: { agentId: publicId('agent', api.workspace.agentId) },
                json: { disabled },
              })
            : send(api, 'updatePhoneNumber', {
                params: { phoneNumberId: publicId('phoneNumber', api.workspace.fromNumberId) },
                json: { disabled },
              });
        expect((await disable(true)).body.disabled).toBe(true);
        const { body } = await send(api, 'getBatch', { params: { batchId } });
        expect((await disable(false)).body.disabled).toBe(false);
        expect(body).toMatchObject({ status: 'PAUSED', statusReason: expect.stringContaining('disabled') });
      },
    );
  });
}
