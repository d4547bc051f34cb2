import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { readWorkspace } from '../../../store/read-workspace.js';
import { defineOperation } from '../../operation.js';
import { idOut, time } from '../../schemas.js';

const workspaceSchema = z
  .object({
    id: idOut('workspace'),
    name: z.string(),
    role: z.enum(['viewer', 'operator', 'admin']).meta({ description: 'Of the key that asks' }),
    limits: z.object({ concurrency: z.int(), callsPerSecond: z.int().nullable() }),
    slotsHeld: z.int(),
    stoppedAt: time.nullable().meta({ description: 'Since when the emergency stop is on' }),
  })
  .meta({ id: 'Workspace' });

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
    const { id, name, concurrencyLimit, callsPerSecond, stoppedAt, slotsHeld } = await readWorkspace(
      deps.db.pool,
      auth.workspaceId,
    );
    const limits = { concurrency: concurrencyLimit, callsPerSecond };
    return {
      status: 200,
      body: {
        id: publicId('workspace', id),
        name,
        role: auth.role,
        limits,
        slotsHeld,
        stoppedAt: stoppedAt?.toISOString() ?? null,
      },
    };
  },
});
