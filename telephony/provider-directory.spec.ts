import { testSender } from '../test/support/sender.js';
import { createProviderDirectory, OtherIdentityError } from './provider-directory.js';

const settingsOf = (identityVersion: number) => ({
  workspaceId: 'workspace',
  kind: 'simulator',
  baseUrl: 'http://127.0.0.1:9',
  credentials: { apiKey: `key-${identityVersion}` },
  settleDelayMs: null,
  identityVersion,
});

it('gives no adapter that it kept for another identity of the account, but reads the account again', async () => {
  let identityVersion = 1;
  let reads = 0;
  const providers = createProviderDirectory(async () => {
    reads++;
    return settingsOf(identityVersion);
  }, testSender);
  const first = await providers.of('account', 1);
  expect(await providers.of('account', 1)).toBe(first);
  expect(reads).toBe(1);

  identityVersion = 2;
  const second = await providers.of('account', 2);
  expect(second).not.toBe(first);
  expect(await providers.of('account')).toBe(second);
  expect(reads).toBe(2);
});

it('refuses to ask, or to dial, as an identity that the account has no longer', async () => {
  const providers = createProviderDirectory(async () => settingsOf(2), testSender);
  await expect(providers.of('account', 1)).rejects.toThrow(OtherIdentityError);
  await providers.of('account', 2);
  await expect(providers.of('account', 1)).rejects.toThrow(OtherIdentityError);
});
