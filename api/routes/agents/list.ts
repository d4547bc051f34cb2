import { z } from 'zod';
import { listAgents } from '../../../store/settings/agents.js';
import { defineOperation } from '../../http/operation.js';
import { agentSchema } from '../../schemas/agent-schemas.js';
import { CURSOR_TIME, CURSOR_UUID, pageOf, pageQuery, readCursor, toPage } from '../../http/paging.js';
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
    const cursor = readCursor(query.cursor, [CURSOR_TIME, CURSOR_UUID]);
    const after = cursor && { cursorAt: cursor[0]!, id: cursor[1]! }; // readCursor has counted them
    const rows = await listAgents(deps.db.pool, auth.workspaceId, { after, limit: query.limit + 1 });
    return {
      status: 200,
      body: toPage(
        rows,
        query.limit,
        (row) => toAgentView(row),
        (row) => [row.cursorAt, row.id],
      ),
    };
  },
});
