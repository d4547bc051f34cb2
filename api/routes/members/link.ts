import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { createLink, readMember } from '../../../store/people/members.js';
import { handOverLink } from '../../actions/people/hand-over-link.js';
import { ApiError, notFound } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { emptyBody, idIn } from '../../schemas/fields.js';
import { linkFields } from '../../schemas/member-schemas.js';

export const createMemberLinkOperation = defineOperation({
  id: 'createMemberLink',
  method: 'post',
  path: '/v1/members/{memberId}/link',
  summary: 'Make a link for a member',
  description:
    'For who has not accepted the invitation yet, another link; else one by which another password is chosen, once, within a day, and all sessions of the person end. Whoever has it signs in as the member; a second factor is asked for all the same. Where the installation sends mails, it goes to the member.',
  tag: 'members',
  role: 'admin',
  confirmation: 'always',
  // For a mail server.
  work: 'outside',
  shownOnce: ['link'],
  params: z.object({ memberId: idIn('member') }),
  body: emptyBody,
  errors: ['member_elsewhere'],
  responses: { 201: { description: 'The link', schema: z.object(linkFields).meta({ id: 'MemberLink' }) } },
  async handler({ auth, params, deps }) {
    const { workspaceId, actor } = auth;
    const member = await readMember(deps.db.pool, workspaceId, params.memberId);
    const made = await createLink(deps.db.pool, { workspaceId, actor }, params.memberId);
    const shown = publicId('member', params.memberId);
    if (!member || made.is === 'NOT_FOUND') throw notFound('member', shown);
    if (made.is !== 'MADE')
      throw new ApiError(
        'member_elsewhere',
        `${shown} works in other workspaces too, which another password would open.`,
      );
    return { status: 201, body: await handOverLink(deps, auth, { member, token: made.token }) };
  },
});
