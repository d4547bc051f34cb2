import { z } from 'zod';
import { hangUpWorkspace, stopWorkspace } from '../../../store/workspaces/workspaces.js';
import { defineOperation } from '../../http/operation.js';
import { shortText } from '../../schemas/fields.js';
import { readWorkspaceView, workspaceSchema } from '../../views/workspace-view.js';
import { wakeBatch } from '../../actions/wake-batch.js';

export const emergencyStopOperation = defineOperation({
  id: 'emergencyStop',
  method: 'post',
  path: '/v1/workspace/emergency-stop',
  summary: 'Stop all calling',
  description:
    'Once it is answered, no further call of the workspace starts, whatever its batches say, until the stop is lifted: by a key of the same role or a higher one. A higher role that stops too takes the stop over. Live calls go on, and `slotsHeld` of the answer counts them; `hangUp: true` asks for them to be hung up.',
  tag: 'workspace',
  role: 'operator',
  work: 'stop',
  body: z
    .strictObject({ reason: shortText.nullable().default(null), hangUp: z.boolean().default(false) })
    .default({ reason: null, hangUp: false }),
  responses: {
    200: {
      description: 'The workspace with the stop on; `slotsHeld` says how many calls are live',
      schema: workspaceSchema.extend({
        hangUpsAsked: z.int().meta({ description: 'Live calls that were not asked to be hung up before' }),
      }),
    },
  },
  async handler({ auth, body, deps, command }) {
    const { pool } = deps.db;
    const { workspaceId, actor, role } = auth;
    const { reason } = body;
    const asked = { workspaceId, actor, role, commandId: command.id, stopped: true, reason };
    const { batchIds } = await stopWorkspace(pool, asked);
    const stopped = await readWorkspaceView(deps, auth);
    const hangUpsAsked = body.hangUp ? await hangUpWorkspace(pool, workspaceId) : 0;
    await Promise.all(batchIds.map((batchId) => wakeBatch(deps, batchId)));
    return { status: 200, body: { ...stopped, hangUpsAsked } };
  },
});
