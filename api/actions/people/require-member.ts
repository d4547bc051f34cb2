import { ApiError } from '../../http/errors.js';
import type { Auth } from '../../http/operation.js';

/** For what belongs to a person, not to a key. @throws ApiError not_signed_in */
export function requireMember({ member }: Auth): NonNullable<Auth['member']> {
  if (member) return member;
  throw new ApiError('not_signed_in', 'An API key has no password and no sessions: sign in, and ask with the session.');
}
