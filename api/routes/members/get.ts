import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { readMember } from '../../../store/people/members.js';
import { notFound } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { idIn } from '../../schemas/fields.js';
import { memberSchema } from '../../schemas/member-schemas.js';
import { toMemberView } from '../../views/member-view.js';

export const getMemberOperation = defineOperation({
  id: 'getMember',
  method: 'get',
  path: '/v1/members/{memberId}',
  summary: 'Get a member',
  description: 'One of the people of the workspace.',
  tag: 'members',
  role: 'viewer',
  params: z.object({ memberId: idIn('member') }),
  responses: { 200: { description: 'The member', schema: memberSchema } },
  async handler({ auth, params, deps }) {
    const member = await readMember(deps.db.pool, auth.workspaceId, params.memberId);
    if (!member) throw notFound('member', publicId('member', params.memberId));
    return { status: 200, body: toMemberView(member) };
  },
});
