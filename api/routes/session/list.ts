import { z } from 'zod';
import { listSessions, sidOf } from '../../../store/people/sessions/session-store.js';
import { requireMember } from '../../actions/people/require-member.js';
import { defineOperation } from '../../http/operation.js';
import { time } from '../../schemas/fields.js';

const ownSessionSchema = z
  .object({
    id: z.string().meta({ description: 'Of no use but to end it' }),
    isThis: z.boolean(),
    signedInAt: time,
    address: z.string().nullable(),
    agent: z.string().nullable().meta({ description: 'What the browser called itself' }),
    expiresAt: time,
  })
  .meta({ id: 'OwnSession' });

export const listSessionsOperation = defineOperation({
  id: 'listSessions',
  method: 'get',
  path: '/v1/sessions',
  summary: 'List one’s own sessions',
  description: 'Where the person is signed in, newest first; 200 at most.',
  tag: 'session',
  role: 'viewer',
  responses: { 200: { description: 'All of them', schema: z.object({ data: z.array(ownSessionSchema) }) } },
  errors: ['not_signed_in'],
  async handler({ auth, deps, req }) {
    const { personId } = requireMember(auth);
    const here = sidOf(req.sessionID);
    const rows = await listSessions(deps.db.pool, personId);
    return {
      status: 200,
      body: {
        data: rows.map(({ sid, expiresAt, ...row }) => ({
          ...row,
          id: sid,
          isThis: sid === here,
          expiresAt: expiresAt.toISOString(),
        })),
      },
    };
  },
});
