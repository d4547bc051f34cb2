import { z } from 'zod';
import { hashOfRecoveryCode, newRecoveryCodes } from '../../../../platform/people/one-time-codes.js';
import { readSecondFactor, turnOnSecondFactor } from '../../../../store/people/second-factor/second-factors.js';
import { sidOf } from '../../../../store/people/sessions/session-store.js';
import { requireMember } from '../../../actions/people/require-member.js';
import { requireStep } from '../../../actions/people/require-second-factor.js';
import { ApiError } from '../../../http/errors.js';
import { noteSecondFactor } from '../../../http/gate/sessions.js';
import { defineOperation } from '../../../http/operation.js';
import { codeText } from '../../../schemas/member-schemas.js';

const recoveryCodesSchema = z
  .object({
    recoveryCodes: z.array(z.string()).meta({ description: 'Shown once. Each is good once in place of a code' }),
  })
  .meta({ id: 'RecoveryCodes' });

export const confirmSecondFactorOperation = defineOperation({
  id: 'confirmSecondFactor',
  method: 'patch',
  path: '/v1/session/second-factor',
  summary: 'Turn on the second factor that was begun',
  description:
    'With a code of it, which shows that the app has the secret. All other sessions of the person end, this one goes on under a new id. Who has not seen the recovery codes turns it off and begins again.',
  tag: 'session',
  role: 'viewer',
  body: z.strictObject({ code: codeText }),
  responses: { 200: { description: 'It is on', schema: recoveryCodesSchema } },
  errors: ['not_signed_in', 'second_factor_refused', 'second_factor_is_on', 'no_second_factor'],
  async handler({ auth, body, deps, req }) {
    const { personId } = requireMember(auth);
    const factor = await readSecondFactor(deps.db.pool, personId);
    if (factor?.isOn) throw new ApiError('second_factor_is_on', 'The second factor is on already.');
    if (!factor) throw new ApiError('no_second_factor', 'Begin to set one up first.');
    await deps.signIns.takeCode(personId);
    const step = requireStep(deps, factor, body.code);
    const recoveryCodes = newRecoveryCodes();
    const recoveryCodeHashes = recoveryCodes.map(hashOfRecoveryCode);
    const shown = { step, recoveryCodeHashes, keptSid: sidOf(req.sessionID), from: req.ip ?? null };
    await noteSecondFactor(deps.db, req, async (tx) => {
      if (!(await turnOnSecondFactor(tx, factor, shown)))
        throw new ApiError('no_second_factor', 'Another one was begun meanwhile: send a code of that one.');
    });
    return { status: 200, body: { recoveryCodes } };
  },
});
