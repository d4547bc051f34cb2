import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { createLink, inviteMember, readMember } from '../../../store/people/members.js';
import { handOverLink } from '../../actions/people/hand-over-link.js';
import { ApiError, notFound } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { linkFields, memberBody, memberSchema } from '../../schemas/member-schemas.js';
import { toMemberView } from '../../views/member-view.js';

export const inviteMemberOperation = defineOperation({
  id: 'inviteMember',
  method: 'post',
  path: '/v1/members',
  summary: 'Invite somebody',
  description:
    'Makes a member, and a link by which they get in. Where the installation sends mails, the link goes to them; else, and when that fails, give it to them alone: it chooses a password. Who has a password in this installation already gives that one with the link.',
  tag: 'members',
  role: 'admin',
  confirmation: 'always',
  // For a mail server.
  work: 'outside',
  shownOnce: ['link'],
  body: z.strictObject(memberBody),
  responses: {
    201: {
      description: 'The member',
      headers: ['Location'],
      schema: memberSchema.extend(linkFields).meta({ id: 'NewMember' }),
    },
  },
  errors: ['already_member'],
  async handler({ auth, body, deps, command }) {
    const { workspaceId, actor } = auth;
    const asked = { workspaceId, actor, commandId: command.id };
    const { result, id } = await inviteMember(deps.db.pool, asked, { ...body, id: command.newId('member') });
    const shown = publicId('member', id);
    if (result === 'THERE')
      throw new ApiError('already_member', `${body.email} is a member already: ${shown}.`, {
        members: { memberId: shown },
      });
    const member = await readMember(deps.db.pool, workspaceId, id);
    if (!member) throw notFound('member', shown);
    const made = await createLink(deps.db.pool, { workspaceId, actor }, id);
    const token = made.is === 'MADE' ? made.token : null;
    return {
      status: 201,
      body: { ...toMemberView(member), ...(await handOverLink(deps, auth, { member, token })) },
      headers: { Location: `/v1/members/${shown}` },
    };
  },
});
