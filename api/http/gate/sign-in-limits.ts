import { RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Settings } from '../../../platform/settings.js';
import type { Database } from '../../../store/database.js';
import { ApiError } from '../errors.js';
import { networkOf } from './network-of.js';
import { createWindow, hashedKey } from './windows.js';

export type SignInLimits = {
  /** Counts a try. `whenReached`: called at the first one too many for the account. @throws ApiError too_many_requests */
  take(account: string, address: string, whenReached?: () => void): Promise<void>;
  /** Counts a code that is shown after the right password, or link. @throws ApiError too_many_requests */
  takeCode(personId: string): Promise<void>;
  /** Everything was right: what was tried before counts no more. */
  forget(account: string, address: string): Promise<void>;
};

type TrySettings = Pick<
  Settings,
  'signInTriesOfAccountMax' | 'signInTriesOfAddressMax' | 'secondFactorTriesOfPersonMax'
>;

export const SIGN_IN_WINDOW_S = 900;

/**
 * Slows those who guess passwords, by account and address together, and by address. Never by account alone: whoever knows an
 * admin's e-mail address could lock the admin out. Codes are counted by person, over all addresses, and a right one takes no
 * try back: who gets that far knows the password, and a million codes are not many.
 */
export function createSignInLimits(
  { signInTriesOfAccountMax, signInTriesOfAddressMax, secondFactorTriesOfPersonMax }: TrySettings,
  sharedWith: Database | null,
): SignInLimits {
  const window = (keyPrefix: string, points: number) =>
    createWindow({ keyPrefix, points, durationS: SIGN_IN_WINDOW_S }, sharedWith);
  const ofAccount = window('sign-in-account', signInTriesOfAccountMax);
  const ofAddress = window('sign-in-address', signInTriesOfAddressMax);
  const ofPerson = window('second-factor', secondFactorTriesOfPersonMax);
  return {
    async take(account, address, whenReached) {
      const network = networkOf(address);
      await consume(ofAddress, network);
      await consume(ofAccount, hashedKey(account, network), whenReached);
    },
    takeCode: (personId) => consume(ofPerson, personId),
    forget: async (account, address) => void (await ofAccount.delete(hashedKey(account, networkOf(address)))),
  };
}

async function consume(window: RateLimiterAbstract, key: string, whenReached?: () => void): Promise<void> {
  try {
    await window.consume(key);
  } catch (thrown) {
    if (!(thrown instanceof RateLimiterRes)) throw thrown;
    if (thrown.consumedPoints === window.points + 1) whenReached?.();
    const seconds = Math.max(1, Math.ceil(thrown.msBeforeNext / 1_000));
    throw new ApiError('too_many_requests', `Too many tries. Come again in ${seconds} s.`, {
      headers: { 'Retry-After': String(seconds) },
    });
  }
}
