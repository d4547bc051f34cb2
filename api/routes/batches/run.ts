import type { WorkflowExecutionStatusName } from '@temporalio/client';
import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { requireBatch } from '../../actions/change-batch.js';
import { defineOperation } from '../../http/operation.js';
import { readRun } from '../../actions/read-run.js';
import { idIn, idOut, reasonSchema, time } from '../../schemas/fields.js';

/** Temporal's own (`WorkflowExecutionStatusName`). */
const RUN_STATUSES = [
  ...(['UNSPECIFIED', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED', 'TERMINATED', 'CONTINUED_AS_NEW'] as const),
  ...(['TIMED_OUT', 'PAUSED', 'UNKNOWN'] as const),
] as const satisfies readonly WorkflowExecutionStatusName[];

const runSchema = z
  .object({
    batchId: idOut('batch'),
    available: z.boolean().meta({ description: 'Whether Temporal answered' }),
    workflowId: z.string(),
    runId: z.string().nullable(),
    status: z.enum(RUN_STATUSES).nullable().meta({ description: "Temporal's word; null when there is no run" }),
    startedAt: time.nullable(),
    closedAt: time.nullable(),
    historyLength: z.int().nullable(),
    state: z
      .object({
        doing: z.string(),
        reason: reasonSchema.nullable(),
        until: z.string().nullable(),
        lanes: z.int(),
        callsPlaced: z.int().meta({
          description:
            'Calls that the runs of the batch heard of. Those of lanes that were under way when a run continued as new are missing: the counters of the batch have all.',
        }),
        commandsWaiting: z.int(),
      })
      .nullable(),
    stateMissing: z.string().nullable().meta({ description: 'Why there is no state' }),
    link: z.string().nullable().meta({ description: "The run in Temporal's UI" }),
  })
  .meta({ id: 'Run' });

export const getRunOperation = defineOperation({
  id: 'getRun',
  method: 'get',
  path: '/v1/batches/{batchId}/run',
  summary: 'Get the workflow run of a batch',
  description: 'What Temporal knows. Answers also when Temporal, or every worker, is away: it then says so.',
  tag: 'batches',
  role: 'viewer',
  work: 'outside',
  params: z.object({ batchId: idIn('batch') }),
  responses: { 200: { description: 'The run', schema: runSchema } },
  async handler({ auth, params, deps }) {
    const batch = await requireBatch({ deps, auth }, params.batchId);
    return { status: 200, body: { batchId: publicId('batch', batch.id), ...(await readRun(deps, batch.id)) } };
  },
});
