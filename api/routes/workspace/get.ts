import { defineOperation } from '../../http/operation.js';
import { readWorkspaceView, workspaceSchema } from '../../views/workspace-view.js';

export const getWorkspaceOperation = defineOperation({
  id: 'getWorkspace',
  method: 'get',
  path: '/v1/workspace',
  summary: 'Get the workspace',
  description:
    'The workspace that the key belongs to: its limits, how many slots have a call, and whether it is stopped.',
  tag: 'workspace',
  role: 'viewer',
  responses: { 200: { description: 'The workspace', schema: workspaceSchema } },
  async handler({ auth, deps }) {
    return { status: 200, body: await readWorkspaceView(deps, auth) };
  },
});
