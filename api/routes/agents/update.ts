import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { readAgent, updateAgent } from '../../../store/settings/agents.js';
import { notFound } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { agentSchema } from '../../schemas/agent-schemas.js';
import { idIn, nameText } from '../../schemas/fields.js';
import { toAgentView } from '../../views/setup-views.js';
import { wakeBatch } from '../../actions/wake-batch.js';

export const updateAgentOperation = defineOperation({
  id: 'updateAgent',
  method: 'patch',
  path: '/v1/agents/{agentId}',
  summary: 'Rename, disable or enable an agent',
  description:
    'Once disabling is answered, no further call starts with it, and the running batches that use it are PAUSED with the reason.',
  tag: 'agents',
  role: 'admin',
  params: z.object({ agentId: idIn('agent') }),
  body: z.strictObject({ name: nameText.optional(), disabled: z.boolean().optional() }),
  responses: { 200: { description: 'The agent as it is now', schema: agentSchema } },
  async handler({ auth, params, body, deps }) {
    const paused = await updateAgent(deps.db.pool, auth, params.agentId, body);
    const agent = paused && (await readAgent(deps.db, auth.workspaceId, params.agentId));
    if (!paused || !agent) throw notFound('agent', publicId('agent', params.agentId));
    await Promise.all(paused.map((batchId) => wakeBatch(deps, batchId)));
    return { status: 200, body: toAgentView(agent) };
  },
});
