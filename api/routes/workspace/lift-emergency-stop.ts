import { z } from 'zod';
import { stopWorkspace } from '../../../store/workspaces/workspaces.js';
import { ApiError } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { shortText } from '../../schemas/fields.js';
import { wakeBatch } from '../../actions/wake-batch.js';
import { readWorkspaceView, workspaceSchema } from '../../views/workspace-view.js';

export const liftEmergencyStopOperation = defineOperation({
  id: 'liftEmergencyStop',
  method: 'post',
  path: '/v1/workspace/lift-emergency-stop',
  summary: 'Lift the emergency stop',
  description:
    'Batches that were running go on where they were; those that were paused stay so. A stop is lifted by a key of the role that set it or of a higher one (403 else); one that was set by hand in the database, by an admin.',
  tag: 'workspace',
  role: 'operator',
  body: z.strictObject({ reason: shortText.nullable().default(null) }).default({ reason: null }),
  responses: { 200: { description: 'The workspace as it is now', schema: workspaceSchema } },
  async handler({ auth, body, deps, command }) {
    const { needsRole, batchIds } = await stopWorkspace(deps.db.pool, {
      workspaceId: auth.workspaceId,
      actor: auth.actor,
      role: auth.role,
      commandId: command.id,
      stopped: false,
      reason: body.reason,
    });
    if (needsRole !== null)
      throw new ApiError(
        'forbidden',
        `The emergency stop is the doing of the role ${needsRole}, which has to lift it; the key that was sent has the role ${auth.role}. GET /v1/workspace says who set it.`,
      );
    await Promise.all(batchIds.map((batchId) => wakeBatch(deps, batchId)));
    return { status: 200, body: await readWorkspaceView(deps, auth) };
  },
});
