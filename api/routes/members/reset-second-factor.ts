import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { resetSecondFactor } from '../../../store/people/second-factor/second-factors.js';
import { ApiError, notFound } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { idIn } from '../../schemas/fields.js';

export const resetSecondFactorOperation = defineOperation({
  id: 'resetSecondFactor',
  method: 'delete',
  path: '/v1/members/{memberId}/second-factor',
  summary: 'Take the second factor of a member away',
  description:
    'For who has lost the app and the recovery codes; the password is good from then on. Not for a person who may work in other workspaces too, nor for oneself.',
  tag: 'members',
  role: 'admin',
  confirmation: 'always',
  params: z.object({ memberId: idIn('member') }),
  responses: { 204: { description: 'None is on' } },
  errors: ['member_elsewhere'],
  async handler({ auth: { workspaceId, actor, member }, params, deps }) {
    const shown = publicId('member', params.memberId);
    // Else a session that was stolen would do away with what it does not know.
    if (member?.memberId === params.memberId)
      throw new ApiError(
        'forbidden',
        'Your own is turned off with the password and a code: DELETE /v1/session/second-factor.',
      );
    const result = await resetSecondFactor(deps.db.pool, { workspaceId, actor }, params.memberId);
    if (result === 'NOT_FOUND') throw notFound('member', shown);
    if (result === 'ELSEWHERE')
      throw new ApiError('member_elsewhere', `${shown} may work in other workspaces too, which it guards as well.`);
    return { status: 204 };
  },
});
