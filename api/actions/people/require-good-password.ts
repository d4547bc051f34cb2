import { problemOfPassword } from '../../../platform/password-rules.js';
import { refused } from '../check-caller.js';

/** @throws ApiError validation_failed that says what is wrong with it */
export function requireGoodPassword(password: string, field: string, known: readonly string[]): void {
  const problem = problemOfPassword(password, known);
  if (problem) throw refused('validation_failed', field, `The password ${problem}. Choose another one.`);
}
