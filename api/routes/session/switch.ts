import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { noteWorkplace } from '../../../store/people/members.js';
import { requireMember } from '../../actions/people/require-member.js';
import { showSession } from '../../actions/people/show-session.js';
import { notFound } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { workIn } from '../../http/gate/sessions.js';
import { idIn } from '../../schemas/fields.js';
import { sessionSchema } from '../../schemas/member-schemas.js';

export const switchWorkspaceOperation = defineOperation({
  id: 'switchWorkspace',
  method: 'patch',
  path: '/v1/session',
  summary: 'Work in another workspace',
  description: 'Of which the person is a member too. All pages of this session show it from then on.',
  tag: 'session',
  role: 'viewer',
  body: z.strictObject({ workspaceId: idIn('workspace') }),
  responses: { 200: { description: 'The session', schema: sessionSchema } },
  errors: ['not_signed_in', 'not_found'],
  async handler({ auth, body, deps, req }) {
    const { personId } = requireMember(auth);
    const session = await showSession(deps.db.pool, { personId, workspaceId: body.workspaceId });
    if (!session) throw notFound('workspace', publicId('workspace', body.workspaceId));
    await workIn(deps.db.pool, req, body.workspaceId);
    await noteWorkplace(deps.db.pool, { personId, workspaceId: body.workspaceId });
    return { status: 200, body: session };
  },
});
