import { z } from 'zod';
import { publicId } from '../../domain/ids.js';
import { readWorkspace } from '../../store/workspaces/read-workspace.js';
import type { ApiDeps, Auth } from '../http/operation.js';
import { idOut, time } from '../schemas/fields.js';

export const workspaceSchema = z
  .object({
    id: idOut('workspace'),
    name: z.string(),
    role: z.enum(['viewer', 'operator', 'admin']).meta({ description: 'Of the key that asks' }),
    concurrency: z.int(),
    callsPerSecond: z.int().nullable(),
    frequencyCap: z.int().nullable().meta({ description: 'Calls to one number in 24 hours, over all batches' }),
    rulePacks: z
      .array(z.string())
      .nullable()
      .meta({ description: 'Rule packs of lawful hours that are on, by id; null: those that are on by default' }),
    requiresSecondFactor: z.boolean().meta({
      description: 'Whether members without a second factor get in no further than to set one up. Keys need none',
    }),
    slotsHeld: z.int().meta({ description: 'How many slots have a call now' }),
    suppressions: z.int().meta({ description: 'How many numbers are suppressed' }),
    stoppedAt: time.nullable().meta({ description: 'Since when the emergency stop is on' }),
    stoppedBy: z.string().nullable().meta({
      description: 'The name of the API key that set it; null for a stop that was set by hand in the database',
    }),
    stoppedByRole: z
      .enum(['operator', 'admin'])
      .nullable()
      .meta({ description: 'Its role, which may lift it, as a higher one may; null: an admin may' }),
    stopReason: z.string().nullable().meta({ description: 'Why, in the words of who set it; null: not said' }),
  })
  .meta({ id: 'Workspace' });

/** The workspace as it is now, for the key that asks. */
export async function readWorkspaceView(deps: ApiDeps, auth: Auth): Promise<z.infer<typeof workspaceSchema>> {
  const { id, stoppedAt, stoppedBy, concurrencyLimit, ...workspace } = await readWorkspace(
    deps.db.pool,
    auth.workspaceId,
  );
  return {
    ...workspace,
    concurrency: concurrencyLimit,
    id: publicId('workspace', id),
    role: auth.role,
    stoppedAt: stoppedAt?.toISOString() ?? null,
    stoppedBy: stoppedBy?.name ?? null,
    stoppedByRole: stoppedBy?.role ?? null,
    stopReason: stoppedBy?.reason ?? null,
  };
}
