import { describe, expect, it } from '@jest/globals';
import { publicId } from '../../../domain/ids.js';
import { send, type TestApi } from '../support/test-api.js';

export function providerAccountCases(getApi: () => TestApi): void {
  const accountId = (): string => publicId('providerAccount', getApi().workspace.providerAccountId);

  describe('agents and numbers', () => {
    it('never show the secrets of an account', async () => {
      const { body } = await send(getApi(), 'listProviderAccounts');
      expect(JSON.stringify(body)).not.toMatch(/secret|carrier-key/);
      expect(body.data[0].webhookUrl).toBe(`https://calls.test/v1/webhooks/${accountId()}`);
    });
  });
}
