import { createHash } from 'node:crypto';
import { RateLimiterMemory, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Settings } from '../../../platform/settings.js';
import type { Database } from '../../../store/database.js';
import { sharedLimiter } from '../../../store/people/shared-limiter.js';
import { ApiError } from '../errors.js';

export type SignInLimits = {
  /** Counts a try. @throws ApiError too_many_requests */
  take(account: string, address: string): Promise<void>;
  /** Counts a code that is shown after the right password, or link. @throws ApiError too_many_requests */
  takeCode(personId: string): Promise<void>;
  /** Everything was right: what was tried before counts no more. */
  forget(account: string, address: string): Promise<void>;
};

type TrySettings = Pick<
  Settings,
  'signInTriesOfAccountMax' | 'signInTriesOfAddressMax' | 'secondFactorTriesOfPersonMax'
>;

const WINDOW_S = 900;

/**
 * Slows those who guess passwords, by account and address together, and by address. Never by account alone: whoever knows an
 * admin's e-mail address could lock the admin out. Codes are counted by person, over all addresses, and a right one takes no
 * try back: who gets that far knows the password, and a million codes are not many.
 */
export function createSignInLimits(
  { signInTriesOfAccountMax, signInTriesOfAddressMax, secondFactorTriesOfPersonMax }: TrySettings,
  sharedWith: Database | null,
): SignInLimits {
  const limit = (keyPrefix: string, points: number): RateLimiterAbstract => {
    const options = { keyPrefix, points, duration: WINDOW_S };
    const own = new RateLimiterMemory(options);
    return sharedWith ? sharedLimiter(sharedWith, options, own) : own;
  };
  const ofAccount = limit('sign-in-account', signInTriesOfAccountMax);
  const ofAddress = limit('sign-in-address', signInTriesOfAddressMax);
  const ofPerson = limit('second-factor', secondFactorTriesOfPersonMax);
  // Where they are counted together, the table has no e-mail address.
  const both = (account: string, address: string): string =>
    createHash('sha256').update(`${account} ${address}`).digest('base64url');
  return {
    async take(account, address) {
      await consume(ofAddress, address);
      await consume(ofAccount, both(account, address));
    },
    takeCode: (personId) => consume(ofPerson, personId),
    forget: async (account, address) => void (await ofAccount.delete(both(account, address))),
  };
}

async function consume(limiter: RateLimiterAbstract, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (thrown) {
    if (!(thrown instanceof RateLimiterRes)) throw thrown;
    const seconds = Math.max(1, Math.ceil(thrown.msBeforeNext / 1_000));
    throw new ApiError('too_many_requests', `Too many tries. Come again in ${seconds} s.`, {
      headers: { 'Retry-After': String(seconds) },
    });
  }
}
