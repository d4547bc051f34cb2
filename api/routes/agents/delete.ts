import { z } from 'zod';
import { deleteSetting } from '../../actions/settings/delete-setting.js';
import { defineOperation } from '../../http/operation.js';
import { idIn } from '../../schemas/fields.js';

export const deleteAgentOperation = defineOperation({
  id: 'deleteAgent',
  method: 'delete',
  path: '/v1/agents/{agentId}',
  summary: 'Delete an agent that was never used',
  description:
    'Only what no batch ever had, not even a deleted one: else 409 `in_use`, and it is disabled instead. An agent that a number has as its outbound agent is taken from it first.',
  tag: 'agents',
  role: 'admin',
  work: 'bulk',
  params: z.object({ agentId: idIn('agent') }),
  responses: { 204: { description: 'Deleted' } },
  errors: ['in_use'],
  handler: (context) => deleteSetting(context, 'agent', context.params.agentId),
});
