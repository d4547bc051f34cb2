import { RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Database } from '../../../store/database.js';
import { recordRefusedSignIn } from '../../../store/people/members.js';
import type { Later } from '../places/later.js';
import { networkOf } from './network-of.js';
import { SIGN_IN_WINDOW_S } from './sign-in-limits.js';
import { createWindow, hashedKey } from './windows.js';

/** How somebody tried; `second factor`: with the right password; `too many tries`: the limit of account and address was reached. */
type How = 'sign-in' | 'link' | 'password of a session' | 'second factor' | 'too many tries';
const WRONG_PASSWORDS: readonly How[] = ['sign-in', 'link', 'password of a session'];

export type RefusedSignIns = {
  /** Somebody at an address tried to get in as who has the e-mail address, if anybody has. */
  note(email: string, address: string, how: How): void;
};

/** Of all addresses together: who commands many of them cannot fill the audit either. */
const OF_ACCOUNT_MAX = 20;

type Parts = { db: Database; later: Later; sharedWith: Database | null };

/**
 * Records refused sign-ins, beside the answer: its time does not tell whether there is such a person. In each window of the
 * sign-in limits one entry for each person and address, one more when a password was right and its code was not, and one more when
 * the limit is reached.
 */
export function createRefusedSignIns({ db, later, sharedWith }: Parts): RefusedSignIns {
  const durationS = SIGN_IN_WINDOW_S;
  const once = createWindow({ keyPrefix: 'refused-once', points: 1, durationS }, sharedWith);
  const ofAccount = createWindow({ keyPrefix: 'refused-account', points: OF_ACCOUNT_MAX, durationS }, sharedWith);
  return {
    note(email, address, how) {
      later('an entry of a refused sign-in', async () => {
        const key = hashedKey(email, networkOf(address), WRONG_PASSWORDS.includes(how) ? 'a wrong password' : how);
        if (!(await isLeft(once, key)) || !(await isLeft(ofAccount, hashedKey(email)))) return;
        try {
          await recordRefusedSignIn(db.pool, { email, from: address, how });
        } catch (err) {
          // The next one is recorded in its place.
          await once.delete(key);
          throw err;
        }
      });
    },
  };
}

async function isLeft(window: RateLimiterAbstract, key: string): Promise<boolean> {
  try {
    await window.consume(key);
    return true;
  } catch (thrown) {
    if (thrown instanceof RateLimiterRes) return false;
    throw thrown;
  }
}
