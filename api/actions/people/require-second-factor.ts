import { hashOfRecoveryCode, isOneTimeCode, stepOfCode } from '../../../platform/people/one-time-codes.js';
import {
  openSecondFactor,
  readSecondFactor,
  spendRecoveryCode,
  spendStep,
  type SecondFactor,
} from '../../../store/people/second-factor/second-factors.js';
import { ApiError } from '../../http/errors.js';
import type { CountedTry } from '../../http/gate/sign-in-limits.js';
import type { RequestDeps } from '../../http/operation.js';

type Shown = {
  personId: string;
  email: string;
  code: string | undefined;
  from: string;
  /** What was counted for the password, or the link. */
  counted?: CountedTry;
};

/**
 * For a person who has a second factor, after the password or a link was right: spends the code that was shown. When the
 * process dies afterwards, the person shows another one. A code that is refused is recorded: who shows it knows the password.
 * @returns whether the person has one @throws ApiError second_factor_wanted, second_factor_refused, too_many_requests
 */
export async function requireSecondFactor(deps: RequestDeps, shown: Shown): Promise<boolean> {
  const { personId, email, code, from, counted } = shown;
  const { pool } = deps.db;
  const factor = await readSecondFactor(pool, personId);
  if (!factor?.isOn) return false;
  if (code === undefined) {
    counted?.lacksCode();
    throw new ApiError('second_factor_wanted', 'Send `code` too: a code of the app, or a recovery code.');
  }
  await deps.signIns.takeCode(personId);
  try {
    const isRight = isOneTimeCode(code)
      ? await spendStep(pool, factor, requireStep(deps, factor, code))
      : await spendRecoveryCode(pool, { personId, hash: hashOfRecoveryCode(code), from });
    if (!isRight) throw refusedCode();
  } catch (err) {
    if (err instanceof ApiError) deps.refusedSignIns.note(email, from, 'second factor');
    throw err;
  }
  return true;
}

/** The step of which a code is. @throws ApiError second_factor_refused */
export function requireStep({ config }: RequestDeps, factor: SecondFactor, code: string): number {
  const secret = openSecondFactor(config.secretBox, factor);
  if (secret === null)
    throw new ApiError(
      'second_factor_refused',
      'Codes of the app cannot be checked any more, since the key of the installation was lost. Give a recovery code, turn the second factor off and set it up again.',
    );
  const step = stepOfCode(secret, code, factor.now);
  if (step === null) throw refusedCode();
  return step;
}

function refusedCode(): ApiError {
  return new ApiError('second_factor_refused', 'The code is wrong, or was used already. Wait for the next one.');
}
