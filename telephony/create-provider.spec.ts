import { callRequest } from '../test/conformance/provider-conformance.js';
import { testSender } from '../test/support/sender.js';
import { createProvider, NotCredentialsError, problemOfAccount, UnknownProviderError } from './create-provider.js';

const ACCOUNT = {
  kind: 'simulator',
  baseUrl: 'http://127.0.0.1:1',
  credentials: { apiKey: 'key', webhookSecret: 'secret' },
  settleDelayMs: null,
};

describe('createProvider', () => {
  it.each(['simulator', 'retell'])(
    'makes the adapter of the kind, with the settle delay of the account: %s',
    (kind) => {
      expect(createProvider({ ...ACCOUNT, kind }, testSender).traits).toEqual({
        lookUp: 'history',
        settleDelayMs: 30_000,
        ringLeadMs: 2_000,
        findsPages: true,
        dialsAnyNumber: true,
      });
      expect(createProvider({ ...ACCOUNT, kind, settleDelayMs: 0 }, testSender).traits.settleDelayMs).toBe(0);
    },
  );

  it.each(['twilio', '', 'toString', '__proto__'])('refuses the kind %j', (kind) => {
    expect(() => createProvider({ ...ACCOUNT, kind }, testSender)).toThrow(UnknownProviderError);
  });

  it.each([{}, { apiKey: 'key', accountSid: 'AC1' }, { webhookSecret: 'secret' }])(
    'refuses stored credentials that are not those of the kind, and says what it wants: %j',
    (credentials) => {
      const make = () => createProvider({ ...ACCOUNT, credentials: credentials as Record<string, string> }, testSender);
      expect(make).toThrow(NotCredentialsError);
      expect(make).toThrow('apiKey, webhookSecret');
    },
  );

  it.each([
    ['baseUrl', { baseUrl: 'http://carrier.example.com' }, testSender],
    ['kind', {}, { ...testSender, allowSimulator: false }],
  ])('sends nothing through an account whose %s is not allowed here, and says why', async (field, change, sender) => {
    const provider = createProvider({ ...ACCOUNT, ...change }, sender);
    const told = { why: expect.stringContaining(`its ${field} `) };
    const limits = { sendBeforeMs: performance.now() + 1_000, requestTimeoutMs: 1_000 };
    expect(await provider.placeCall(callRequest(), limits)).toMatchObject({ is: 'not-sent', ...told });
    expect(await provider.listAgents(1_000)).toMatchObject({ is: 'no-answer', ...told });
    expect(await provider.lookUp('att_1', 1_000)).toMatchObject({ is: 'no-answer', ...told });
    expect(await provider.hangUp('call_1', 1_000)).toMatchObject({ is: 'no-answer', ...told });
    expect(problemOfAccount({ ...ACCOUNT, ...change }, sender)?.field).toBe(field);
  });
});
