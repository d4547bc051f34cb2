import { z } from 'zod';
import { addressOfSecret, newSecret } from '../../../../platform/people/one-time-codes.js';
import { beginSecondFactor } from '../../../../store/people/second-factor/second-factors.js';
import { requireMember } from '../../../actions/people/require-member.js';
import { requirePassword } from '../../../actions/people/require-password.js';
import { ApiError } from '../../../http/errors.js';
import { defineOperation } from '../../../http/operation.js';
import { passwordText } from '../../../schemas/member-schemas.js';

const begunSchema = z
  .object({
    secret: z.string().meta({ description: 'For an app of codes (TOTP: SHA-1, 6 digits, 30 seconds), in base32' }),
    address: z.string().meta({ description: 'The same as otpauth:// address, for a QR code' }),
  })
  .meta({ id: 'BegunSecondFactor' });

export const beginSecondFactorOperation = defineOperation({
  id: 'beginSecondFactor',
  // Not a POST: it has the password (change-password.ts).
  method: 'put',
  path: '/v1/session/second-factor',
  summary: 'Begin to set up a second factor',
  description:
    'Shows a secret, once, in place of one that was begun before. Nothing is on yet: PATCH with a code of it turns it on.',
  tag: 'session',
  role: 'viewer',
  body: z.strictObject({ password: passwordText }),
  responses: { 200: { description: 'Begun', schema: begunSchema } },
  errors: ['not_signed_in', 'sign_in_refused', 'second_factor_is_on'],
  async handler({ auth, body, deps, req }) {
    const { personId } = requireMember(auth);
    const person = await requirePassword(deps, { personId, password: body.password, from: req.ip ?? '' });
    const secret = newSecret();
    if (!(await beginSecondFactor(deps.db.pool, deps.config.secretBox, { personId, secret })))
      throw new ApiError('second_factor_is_on', 'Turn off the second factor that is on first.');
    return { status: 200, body: { secret, address: addressOfSecret(secret, person.email) } };
  },
});
