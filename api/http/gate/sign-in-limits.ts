import { RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Settings } from '../../../platform/settings.js';
import type { Database } from '../../../store/database.js';
import { ApiError } from '../errors.js';
import { networkOf } from './network-of.js';
import { createWindow, hashedKey, takeFrom, type GiveBack } from './windows.js';

/** A try that was counted. It stays so unless it says that it was right. */
export type CountedTry = {
  /** The password was right, and its code is still to come: it counts until one was right. */
  lacksCode(): void;
  /** Everything was right: this try is given back, with those of the account from there that only lacked their code. No other one is. */
  wasRight(): Promise<void>;
};
export type SignInLimits = {
  /** Counts a try. `whenReached`: called at the first one too many for the account. @throws ApiError too_many_requests */
  take(account: string, address: string, whenReached?: () => void): Promise<CountedTry>;
  /** Counts a code that is shown after the right password, or link. @throws ApiError too_many_requests */
  takeCode(personId: string): Promise<void>;
};

type TrySettings = Pick<
  Settings,
  'signInTriesOfAccountMax' | 'signInTriesOfAddressMax' | 'secondFactorTriesOfPersonMax'
>;

export const SIGN_IN_WINDOW_S = 900;
/** What lacks its code is kept for so many accounts, and so many tries of one, at most; the oldest stay counted. */
const LACKING_ACCOUNTS_MAX = 10_000;
const LACKING_OF_ACCOUNT_MAX = 10;

/**
 * Slows those who guess passwords, by account and address together, and by address. Never by account alone: whoever knows an
 * admin's e-mail address could lock the admin out. A right sign-in gives back what it took, so that an office behind one address is
 * not slowed; never what others took there, so that nobody buys guesses with a right password. Codes are counted by person, over
 * all addresses, and a right one takes no try back: who gets that far knows the password, and a million codes are not many.
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
  /** In this process: a code that comes to another one gives back its own try only. */
  const lacking = new Map<string, GiveBack[]>();
  return {
    async take(account, address, whenReached) {
      const network = networkOf(address);
      const key = hashedKey(account, network);
      const taken = [await consume(ofAddress, network), await consume(ofAccount, key, whenReached)];
      const giveBack: GiveBack = async () => void (await Promise.all(taken.map((each) => each())));
      return {
        lacksCode() {
          if (lacking.size >= LACKING_ACCOUNTS_MAX) lacking.clear();
          lacking.set(key, [...(lacking.get(key) ?? []), giveBack].slice(-LACKING_OF_ACCOUNT_MAX));
        },
        async wasRight() {
          const right = [giveBack, ...(lacking.get(key) ?? [])];
          lacking.delete(key);
          await Promise.all(right.map((each) => each()));
        },
      };
    },
    takeCode: async (personId) => void (await consume(ofPerson, personId)),
  };
}

/** @returns what gives the point back, while the window from which it was taken lasts */
async function consume(window: RateLimiterAbstract, key: string, whenReached?: () => void): Promise<GiveBack> {
  try {
    return await takeFrom(window, key);
  } catch (thrown) {
    if (!(thrown instanceof RateLimiterRes)) throw thrown;
    if (thrown.consumedPoints === window.points + 1) whenReached?.();
    const seconds = Math.max(1, Math.ceil(thrown.msBeforeNext / 1_000));
    throw new ApiError('too_many_requests', `Too many tries. Come again in ${seconds} s.`, {
      headers: { 'Retry-After': String(seconds) },
    });
  }
}
