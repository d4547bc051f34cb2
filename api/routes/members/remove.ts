import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { changeMember } from '../../../store/people/members.js';
import { ApiError, notFound } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { idIn } from '../../schemas/fields.js';

export const removeMemberOperation = defineOperation({
  id: 'removeMember',
  method: 'delete',
  path: '/v1/members/{memberId}',
  summary: 'Remove a member',
  description:
    'Out of this workspace at once: the next request with one of their sessions is refused. What they did stays in the audit.',
  tag: 'members',
  role: 'admin',
  params: z.object({ memberId: idIn('member') }),
  responses: { 204: { description: 'Removed' } },
  errors: ['last_admin_member'],
  async handler({ auth, params, deps, command }) {
    const shown = publicId('member', params.memberId);
    const asked = { workspaceId: auth.workspaceId, actor: auth.actor, commandId: command.id };
    const result = await changeMember(deps.db.pool, asked, params.memberId, null);
    if (result === 'LAST_ADMIN')
      throw new ApiError('last_admin_member', `${shown} is the last admin. Make somebody else an admin first.`);
    if (result === 'NOT_FOUND') throw notFound('member', shown);
    return { status: 204 };
  },
});
