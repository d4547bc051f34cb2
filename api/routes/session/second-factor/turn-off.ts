import { z } from 'zod';
import { turnOffSecondFactor } from '../../../../store/people/second-factor/second-factors.js';
import { requireMember } from '../../../actions/people/require-member.js';
import { requirePassword } from '../../../actions/people/require-password.js';
import { requireSecondFactor } from '../../../actions/people/require-second-factor.js';
import { ApiError } from '../../../http/errors.js';
import { renew } from '../../../http/gate/sessions.js';
import { defineOperation } from '../../../http/operation.js';
import { codeText, passwordText } from '../../../schemas/member-schemas.js';

export const turnOffSecondFactorOperation = defineOperation({
  id: 'turnOffSecondFactor',
  method: 'delete',
  path: '/v1/session/second-factor',
  summary: 'Turn off one’s own second factor',
  description:
    'With the password, and a code or a recovery code. What recovery codes are left is of no use any more. The session goes on under a new id. In a workspace that requires a second factor, the next thing to do is to set up another one.',
  tag: 'session',
  role: 'viewer',
  body: z.strictObject({ password: passwordText, code: codeText }),
  responses: { 204: { description: 'It is off' } },
  errors: ['not_signed_in', 'sign_in_refused', 'second_factor_refused', 'no_second_factor'],
  async handler({ auth, body: { password, code }, deps, req }) {
    const { personId } = requireMember(auth);
    const from = req.ip ?? '';
    const { email } = await requirePassword(deps, { personId, password, from });
    const isOn = await requireSecondFactor(deps, { personId, email, code, from });
    await renew(deps.db, req, {
      async work(tx) {
        if (!isOn || !(await turnOffSecondFactor(tx, personId, { from })))
          throw new ApiError('no_second_factor', 'No second factor is on.');
      },
    });
    return { status: 204 };
  },
});
