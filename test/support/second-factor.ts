import { Secret, TOTP } from 'otpauth';
import { hashOfRecoveryCode, newRecoveryCodes, newSecret } from '../../platform/people/one-time-codes.js';
import type { Database } from '../../store/database.js';
import {
  beginSecondFactor,
  readSecondFactor,
  turnOnSecondFactor,
} from '../../store/people/second-factor/second-factors.js';
import { testSecrets } from './secrets.js';

/** What an app shows, which knows nothing of our code. */
export function codeAt(secret: string, atMs: number): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: atMs });
}

/** A second factor that a person has begun, and what the app has of it. */
export async function begunSecondFactor({ pool }: Database, personId: string): Promise<{ secret: string }> {
  const secret = newSecret();
  await beginSecondFactor(pool, testSecrets, { personId, secret });
  return { secret };
}

/** One that is on. It ends all sessions of the person but the one that is kept. */
export async function secondFactorOf(
  db: Database,
  personId: string,
  keptSid: string | null = null,
): Promise<{ secret: string; recoveryCodes: string[] }> {
  const { secret } = await begunSecondFactor(db, personId);
  const recoveryCodes = newRecoveryCodes();
  const recoveryCodeHashes = recoveryCodes.map(hashOfRecoveryCode);
  const factor = await readSecondFactor(db.pool, personId);
  const shown = { step: 0, recoveryCodeHashes, keptSid, from: null };
  if (!factor || !(await turnOnSecondFactor(db.pool, factor, shown)))
    throw new Error('the second factor could not be turned on');
  return { secret, recoveryCodes };
}
