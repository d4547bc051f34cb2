import { BaseUrlNotAllowedError } from './allowed-base-url.js';
import { createProvider, UnknownProviderError } from './create-provider.js';

const ACCOUNT = {
  kind: 'simulator',
  baseUrl: 'http://127.0.0.1:1',
  apiKey: 'key',
  webhookSecret: 'secret',
  settleDelayMs: null,
};

describe('createProvider', () => {
  it.each(['simulator', 'retell'])(
    'makes the adapter of the kind, with the settle delay of the account: %s',
    (kind) => {
      expect(createProvider({ ...ACCOUNT, kind }).traits).toEqual({
        lookUp: 'history',
        settleDelayMs: 30_000,
        ringLeadMs: 2_000,
        dialsAnyNumber: true,
      });
      expect(createProvider({ ...ACCOUNT, kind, settleDelayMs: 0 }).traits.settleDelayMs).toBe(0);
    },
  );

  it.each(['twilio', '', 'toString', '__proto__'])('refuses the kind %j', (kind) => {
    expect(() => createProvider({ ...ACCOUNT, kind })).toThrow(UnknownProviderError);
  });

  it('refuses an address that would send the key in the clear', () => {
    expect(() => createProvider({ ...ACCOUNT, baseUrl: 'http://carrier.example.com' })).toThrow(BaseUrlNotAllowedError);
  });
});
