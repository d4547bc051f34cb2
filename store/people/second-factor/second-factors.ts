import { UnreadableSecretError } from '../../../platform/secret-box.js';
import type { Actor } from '../../../domain/people/actor.js';
import type { Queryable } from '../../database.js';
import { isEncryptionKeyRight, opens, WrongEncryptionKeyError } from '../../settings/canary.js';
import type { Asked } from '../../settings/plain-rows.js';
import type { Secrets } from '../../settings/secrets.js';

/** What a person shows beside the password. `isOn`: it is asked for; else it was begun, and no code of it was shown yet. */
export type SecondFactor = {
  personId: string;
  /** As it is stored. */
  sealed: string;
  isOn: boolean;
  recoveryCodesLeft: number;
  /** The clock by which codes are right: one for all processes. */
  now: Date;
};

export async function readSecondFactor(db: Queryable, personId: string): Promise<SecondFactor | null> {
  const { rows } = await db.query<SecondFactor>(
    `SELECT person_id AS "personId", secret AS sealed, confirmed_at IS NOT NULL AS "isOn", dialwright_now() AS now,
       (SELECT count(*)::int FROM recovery_codes c WHERE c.person_id = f.person_id) AS "recoveryCodesLeft"
     FROM second_factors f WHERE person_id = $1`,
    [personId],
  );
  return rows[0] ?? null;
}

/** The secret of a second factor; null when it cannot be opened: the key that has sealed it is lost. */
export function openSecondFactor(secrets: Secrets, { personId, sealed }: SecondFactor): string | null {
  try {
    return secrets.open(sealed, personId);
  } catch (err) {
    if (err instanceof UnreadableSecretError) return null;
    throw err;
  }
}

/**
 * Keeps a new secret, in place of one that was begun before. It is not asked for until a code of it was shown.
 * @returns false when a second factor is on @throws WrongEncryptionKeyError
 */
export async function beginSecondFactor(
  db: Queryable,
  secrets: Secrets,
  { personId, secret }: { personId: string; secret: string },
): Promise<boolean> {
  if (!(await isEncryptionKeyRight(db, secrets))) throw new WrongEncryptionKeyError();
  const { rowCount } = await db.query(
    `INSERT INTO second_factors AS f (person_id, secret) VALUES ($1, $2)
     ON CONFLICT (person_id) DO UPDATE SET secret = excluded.secret WHERE f.confirmed_at IS NULL`,
    [personId, secrets.seal(secret, personId)],
  );
  return rowCount === 1;
}

type Shown = { step: number; recoveryCodeHashes: readonly Buffer[]; keptSid: string | null; from: string | null };

/** Turns on what was begun (`turn_on_second_factor`); the session that is kept is the one that asks. @returns false when another one was begun meanwhile, or one is on */
export async function turnOnSecondFactor(
  db: Queryable,
  { personId, sealed }: SecondFactor,
  { step, recoveryCodeHashes, keptSid, from }: Shown,
): Promise<boolean> {
  const hashes = recoveryCodeHashes.map((hash) => hash.toString('hex'));
  const shown = JSON.stringify({ secret: sealed, step, hashes });
  const values = [personId, shown, keptSid, from];
  const { rows } = await db.query('SELECT turn_on_second_factor($1, $2, $3, $4) AS done', values);
  return rows[0].done;
}

/** Spends the code of a step. @returns false when that one, or a later one, was spent: of two at the same moment one is */
export async function spendStep(db: Queryable, { personId, sealed }: SecondFactor, step: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE second_factors SET last_step = $3
     WHERE person_id = $1 AND secret = $2 AND confirmed_at IS NOT NULL AND (last_step IS NULL OR last_step < $3)`,
    [personId, sealed, step],
  );
  return rowCount === 1;
}

type RecoveryCode = { personId: string; hash: Buffer; from: string | null };

/** Spends a recovery code (`spend_recovery_code`). @returns false when there is no such code any more */
export async function spendRecoveryCode(db: Queryable, { personId, hash, from }: RecoveryCode): Promise<boolean> {
  const { rows } = await db.query('SELECT spend_recovery_code($1, $2, $3) AS done', [personId, hash, from]);
  return rows[0].done;
}

/** Who turns it off: one of our own parts, or the person, from an address. */
type TurnedOffBy = Extract<Actor, string> | { from: string | null };

/** Takes the second factor of a person away (`turn_off_second_factor`). Safe to repeat. @returns false when none is on */
export async function turnOffSecondFactor(db: Queryable, personId: string, by: TurnedOffBy): Promise<boolean> {
  const { rows } = await db.query('SELECT turn_off_second_factor($1, $2) AS done', [personId, JSON.stringify(by)]);
  return rows[0].done;
}

/** For an admin (`reset_second_factor`). Safe to repeat. @returns ELSEWHERE when it guards other workspaces too */
export async function resetSecondFactor(
  db: Queryable,
  { workspaceId, actor }: Asked,
  memberId: string,
): Promise<'RESET' | 'NOT_FOUND' | 'ELSEWHERE'> {
  const values = [workspaceId, memberId, JSON.stringify(actor)];
  const { rows } = await db.query('SELECT reset_second_factor($1, $2, $3) AS result', values);
  return rows[0].result;
}

type Sealed = { personId: string; sealed: string };

/** Seals every secret anew, after a change of the key. One that cannot be opened, since its key is lost, stays. @returns how many there were */
export async function resealSecondFactors(tx: Queryable, secrets: Secrets): Promise<number> {
  const { rows } = await tx.query<Sealed>(
    'SELECT person_id AS "personId", secret AS sealed FROM second_factors ORDER BY person_id FOR NO KEY UPDATE',
  );
  const readable = rows.filter(({ personId, sealed }) => opens(secrets, personId, sealed));
  for (const { personId, sealed } of readable) {
    const again = secrets.seal(secrets.open(sealed, personId), personId);
    await tx.query('UPDATE second_factors SET secret = $2 WHERE person_id = $1', [personId, again]);
  }
  return readable.length;
}

/** How many are on and cannot be opened: their recovery codes are good still. */
export async function countUnreadableSecondFactors(db: Queryable, secrets: Secrets): Promise<number> {
  const { rows } = await db.query<Sealed>(
    'SELECT person_id AS "personId", secret AS sealed FROM second_factors WHERE confirmed_at IS NOT NULL',
  );
  return rows.filter(({ personId, sealed }) => !opens(secrets, personId, sealed)).length;
}
