import { describe, expect, it } from '@jest/globals';
import { publicId } from '../../../domain/ids.js';
import { attempt } from '../support/requests.js';
import { send, type TestApi } from '../support/test-api.js';

export function providerAccountCases(getApi: () => TestApi): void {
  const accountId = (): string => publicId('providerAccount', getApi().workspace.providerAccountId);

  describe('the key of a provider account', () => {
    it('stays as it is when nothing shows that a new one is of the same account, while a call is open', async () => {
      await attempt(getApi(), 'UNCERTAIN');
      const params = { providerAccountId: accountId() };
      const { status, problem } = await send(getApi(), 'updateProviderAccount', {
        params,
        json: { credentials: { apiKey: 'another' } },
      });
      expect([status, problem.code]).toEqual([409, 'provider_account_not_same']);
    });
  });

  describe('agents and numbers', () => {
    it('never show the secrets of an account', async () => {
      const { body } = await send(getApi(), 'listProviderAccounts');
      expect(JSON.stringify(body)).not.toMatch(/secret|carrier-key/);
      expect(body.data[0].webhookUrl).toBe(`https://calls.test/v1/webhooks/${accountId()}`);
    });
  });
}
