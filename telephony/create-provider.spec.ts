import { createProvider, UnknownProviderError } from './create-provider.js';

const ACCOUNT = {
  kind: 'simulator',
  baseUrl: 'http://127.0.0.1:1',
  apiKey: 'key',
  webhookSecret: 'secret',
  settleDelayMs: null,
};

describe('createProvider', () => {
  it('makes the adapter of the kind, with the settle delay of the account', () => {
    expect(createProvider(ACCOUNT).traits).toEqual({ lookUp: 'history', settleDelayMs: 30_000, ringLeadMs: 2_000 });
    expect(createProvider({ ...ACCOUNT, settleDelayMs: 0 }).traits.settleDelayMs).toBe(0);
  });

  it.each(['retell', '', 'toString', '__proto__'])('refuses the kind %j', (kind) => {
    expect(() => createProvider({ ...ACCOUNT, kind })).toThrow(UnknownProviderError);
  });
});
