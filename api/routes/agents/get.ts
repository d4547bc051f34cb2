import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { readAgent } from '../../../store/settings/agents.js';
import { notFound } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { agentSchema } from '../../schemas/agent-schemas.js';
import { idIn } from '../../schemas/fields.js';
import { toAgentView } from '../../views/setup-views.js';

export const getAgentOperation = defineOperation({
  id: 'getAgent',
  method: 'get',
  path: '/v1/agents/{agentId}',
  summary: 'Get an agent',
  description: 'A voice agent that the provider knows.',
  tag: 'agents',
  role: 'viewer',
  params: z.object({ agentId: idIn('agent') }),
  responses: { 200: { description: 'The agent', schema: agentSchema } },
  async handler({ auth, params, deps }) {
    const agent = await readAgent(deps.db, auth.workspaceId, params.agentId);
    if (!agent) throw notFound('agent', publicId('agent', params.agentId));
    return { status: 200, body: toAgentView(agent) };
  },
});
