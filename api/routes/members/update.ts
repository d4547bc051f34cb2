import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { ROLES } from '../../../domain/people/roles.js';
import { changeMember, readMember } from '../../../store/people/members.js';
import { ApiError, notFound } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { idIn } from '../../schemas/fields.js';
import { memberSchema } from '../../schemas/member-schemas.js';
import { toMemberView } from '../../views/member-view.js';

export const updateMemberOperation = defineOperation({
  id: 'updateMember',
  method: 'patch',
  path: '/v1/members/{memberId}',
  summary: 'Change the role of a member',
  description: 'Holds from the next request of the member on. The last admin cannot be made anything less.',
  tag: 'members',
  role: 'admin',
  confirmation: {
    when: 'where the role becomes a higher one',
    async isNeeded({ auth, params, body, deps }) {
      const member = await readMember(deps.db.pool, auth.workspaceId, params.memberId);
      return member !== null && ROLES.indexOf(body.role) > ROLES.indexOf(member.role);
    },
  },
  params: z.object({ memberId: idIn('member') }),
  body: z.strictObject({ role: z.enum(ROLES) }),
  responses: { 200: { description: 'The member as it is now', schema: memberSchema } },
  errors: ['last_admin_member'],
  async handler({ auth, params, body, deps, command }) {
    const shown = publicId('member', params.memberId);
    const asked = { workspaceId: auth.workspaceId, actor: auth.actor, commandId: command.id };
    const result = await changeMember(deps.db.pool, asked, params.memberId, body.role);
    if (result === 'LAST_ADMIN')
      throw new ApiError('last_admin_member', `${shown} is the last admin. Make somebody else an admin first.`);
    const member = result === 'CHANGED' ? await readMember(deps.db.pool, auth.workspaceId, params.memberId) : null;
    if (!member) throw notFound('member', shown);
    return { status: 200, body: toMemberView(member) };
  },
});
