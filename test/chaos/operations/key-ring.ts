import { configureCarrier } from '../../../dev/stack.js';

/** The keys of our account at the carrier; one of them is in use. */
const OWN_KEYS = ['carrier-key', 'carrier-key-2'] as const;
export const OTHER_ACCOUNT = {
  apiKey: 'key-of-another-account',
  fromNumbers: [{ phone: '+12025550900', label: 'Of somebody else', outboundAgentId: null }],
};

/** Changes at the carrier, as a person makes them in its dashboard while a key is replaced. */
export type KeyRing = {
  current(): string;
  /** Another key of the account, which the carrier takes from now on beside the present one. */
  add(): Promise<string>;
  /** The present one is revoked, and the carrier signs with the other (on Retell's wire). */
  replaceBy(key: string): Promise<void>;
  /** The added one is not needed. */
  drop(): Promise<void>;
};

export function createKeyRing(carrierUrl: string): KeyRing {
  let current: string = OWN_KEYS[0];
  const drop = (): Promise<void> => configureCarrier(carrierUrl, { apiKey: current, furtherApiKeys: [] });
  return {
    current: () => current,
    async add() {
      const next = OWN_KEYS.find((key) => key !== current) ?? current;
      await configureCarrier(carrierUrl, { furtherApiKeys: [next] });
      return next;
    },
    async replaceBy(key) {
      current = key;
      await drop();
    },
    drop,
  };
}
