import { RateLimiterRes } from 'rate-limiter-flexible';
import type { Settings } from '../../../platform/settings.js';
import type { Database } from '../../../store/database.js';
import { ApiError } from '../errors.js';
import { createWindow, hashedKey } from './windows.js';

export type SignInLimits = {
  /** Counts a try. @throws ApiError too_many_requests */
  take(account: string, address: string): Promise<void>;
  /** The password was right: what was tried before counts no more. */
  forget(account: string, address: string): Promise<void>;
};

type TrySettings = Pick<Settings, 'signInTriesOfAccountMax' | 'signInTriesOfAddressMax'>;

const WINDOW_S = 900;

/**
 * Slows those who guess passwords, by account and address together, and by address. Never by account alone: whoever knows an
 * admin's e-mail address could lock the admin out.
 */
export function createSignInLimits(
  { signInTriesOfAccountMax, signInTriesOfAddressMax }: TrySettings,
  sharedWith: Database | null,
): SignInLimits {
  const window = (keyPrefix: string, points: number) =>
    createWindow({ keyPrefix, points, durationS: WINDOW_S }, sharedWith);
  const ofAccount = window('sign-in-account', signInTriesOfAccountMax);
  const ofAddress = window('sign-in-address', signInTriesOfAddressMax);
  return {
    async take(account, address) {
      try {
        await ofAddress.consume(address);
        await ofAccount.consume(hashedKey(account, address));
      } catch (thrown) {
        if (!(thrown instanceof RateLimiterRes)) throw thrown;
        const seconds = Math.max(1, Math.ceil(thrown.msBeforeNext / 1_000));
        throw new ApiError('too_many_requests', `Too many tries. Come again in ${seconds} s.`, {
          headers: { 'Retry-After': String(seconds) },
        });
      }
    },
    forget: async (account, address) => void (await ofAccount.delete(hashedKey(account, address))),
  };
}
