import { z } from 'zod';
import { readSecondFactor } from '../../../../store/people/second-factor/second-factors.js';
import { requireMember } from '../../../actions/people/require-member.js';
import { defineOperation } from '../../../http/operation.js';
import { count } from '../../../schemas/fields.js';

const secondFactorSchema = z
  .object({
    status: z.enum(['on', 'off']),
    recoveryCodesLeft: count.meta({ description: 'Each is good once in place of a code' }),
  })
  .meta({ id: 'SecondFactor' });

export const getSecondFactorOperation = defineOperation({
  id: 'getSecondFactor',
  method: 'get',
  path: '/v1/session/second-factor',
  summary: 'Whether one’s own second factor is on',
  description: 'While it is on, a sign-in asks for a code too.',
  tag: 'session',
  role: 'viewer',
  responses: { 200: { description: 'The second factor', schema: secondFactorSchema } },
  errors: ['not_signed_in'],
  async handler({ auth, deps }) {
    const { personId } = requireMember(auth);
    const factor = await readSecondFactor(deps.db.pool, personId);
    return {
      status: 200,
      body: { status: factor?.isOn ? 'on' : 'off', recoveryCodesLeft: factor?.recoveryCodesLeft ?? 0 },
    };
  },
});
