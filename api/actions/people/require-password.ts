import { isPassword } from '../../../platform/password-hash.js';
import { findPerson, type Person } from '../../../store/people/members.js';
import { ApiError } from '../../http/errors.js';
import type { CountedTry } from '../../http/gate/sign-in-limits.js';
import type { RequestDeps } from '../../http/operation.js';

type Shown = { personId: string; password: string; from: string };

/** The person who asks, once the password was right. It counts as a try to sign in, until it says that all was right. @throws ApiError sign_in_refused, too_many_requests */
export async function requirePassword(
  deps: RequestDeps,
  { personId, password, from }: Shown,
): Promise<Person & { counted: CountedTry }> {
  const person = await findPerson(deps.db.pool, { id: personId });
  const email = person?.email ?? '';
  const refused = (how: 'password of a session' | 'too many tries') => deps.refusedSignIns.note(email, from, how);
  const counted = await deps.signIns.take(email, from, () => refused('too many tries'));
  if (person && (await isPassword(person.passwordHash, password))) return { ...person, counted };
  refused('password of a session');
  throw new ApiError('sign_in_refused', 'The password is wrong.');
}
