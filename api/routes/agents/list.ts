import { z } from 'zod';
import { listAgents } from '../../../store/settings/agents.js';
import { defineOperation } from '../../http/operation.js';
import { agentSchema } from '../../schemas/agent-schemas.js';
import { pageOf, pageQuery, readRowCursor, toPage } from '../../http/paging.js';
import { toAgentView } from '../../views/setup-views.js';

export const listAgentsOperation = defineOperation({
  id: 'listAgents',
  method: 'get',
  path: '/v1/agents',
  summary: 'List agents',
  description: 'Oldest first.',
  tag: 'agents',
  role: 'viewer',
  query: z.object(pageQuery),
  responses: { 200: { description: 'A page', schema: pageOf(agentSchema) } },
  async handler({ auth, query, deps }) {
    const rows = await listAgents(deps.db, auth.workspaceId, {
      after: readRowCursor(query.cursor),
      limit: query.limit + 1,
    });
    return {
      status: 200,
      body: toPage(
        rows,
        query.limit,
        (row) => toAgentView(row),
        (row) => [row.createdAt.toISOString(), row.id],
      ),
    };
  },
});
