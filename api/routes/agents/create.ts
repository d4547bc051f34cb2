import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { createAgent, readAgent } from '../../../store/settings/agents.js';
import { checkAccount } from '../../actions/check-account.js';
import { ApiError, notFound } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { agentSchema } from '../../schemas/agent-schemas.js';
import { idIn, nameText, shortText } from '../../schemas/fields.js';
import { toAgentView } from '../../views/setup-views.js';

export const createAgentOperation = defineOperation({
  id: 'createAgent',
  method: 'post',
  path: '/v1/agents',
  summary: 'Register an agent',
  description: 'Makes an agent that exists at the provider known here, so that batches can call with it.',
  tag: 'agents',
  role: 'admin',
  body: z.strictObject({ providerAccountId: idIn('providerAccount'), providerAgentId: shortText, name: nameText }),
  responses: { 201: { description: 'The agent', headers: ['Location'], schema: agentSchema } },
  errors: ['already_exists', 'provider_account_not_found', 'provider_account_disabled'],
  async handler({ auth, body, deps, command }) {
    const { db } = deps;
    await checkAccount(db, auth.workspaceId, body.providerAccountId);
    const made = await createAgent(db, {
      ...body,
      id: command.newId('agent'),
      workspaceId: auth.workspaceId,
      actor: auth.actor,
    });
    const id = publicId('agent', made.id);
    if (made.is === 'taken')
      throw new ApiError('already_exists', `The provider account has this agent already: ${id}.`, {
        members: { existingId: id },
      });
    const agent = await readAgent(db, auth.workspaceId, made.id);
    if (!agent) throw notFound('agent', id);
    return { status: 201, body: toAgentView(agent), headers: { Location: `/v1/agents/${id}` } };
  },
});
