import { z } from 'zod';
import { JOBS_RUNNING_MAX } from '../../../domain/jobs/job.js';
import { beginJobIn } from '../../actions/jobs/begin-job.js';
import { defineOperation } from '../../http/operation.js';
import { idIn } from '../../schemas/fields.js';
import { beginJobSchema, jobSchema } from '../../schemas/job-schemas.js';
import { toJobView } from '../../views/job-view.js';

export const beginJobOperation = defineOperation({
  id: 'beginJob',
  method: 'post',
  path: '/v1/batches/{batchId}/jobs',
  summary: 'Change all recipients that match',
  description: [
    '`remove` takes those who wait out of the batch, as POST …/recipients/remove does. `edit` changes variables and times of those who wait, as PATCH of a recipient does; zones are changed one by one. `settle` gives a verdict on the last attempt of those who are UNCERTAIN: nobody will find out any more whether there was a call. Look at what the provider lists first: `not-called` on a guess rings people twice.',
    '`retry` calls some of those again whom a retry of the whole batch would call (POST …/retry), in a batch that is over: it goes to PENDING in the next generation and runs, those who match are put back to waiting with fresh attempts, and all others stay as they are. When all of them are settled the batch is COMPLETED, also one that was CANCELLED: who stays CANCELLED in it is then called by no later retry of the whole. A retry that is ended in its middle leaves the batch running for those who were put back. New hours, or another end, are for a retry of the whole.',
    `It is done in chunks, goes on whatever process dies, and says exactly what it has done. Who does not match at the moment at which it looks, or is being called, is left out and counted. Recipients that come after it has begun are none of its business. At most ${JOBS_RUNNING_MAX} jobs run in a workspace at once.`,
  ].join('\n\n'),
  tag: 'jobs',
  role: 'operator',
  params: z.object({ batchId: idIn('batch') }),
  body: beginJobSchema,
  responses: { 201: { description: 'The job, which runs, or is done already', schema: jobSchema } },
  errors: [
    'action_not_allowed',
    'too_many_jobs',
    'nothing_to_retry',
    'rows_outstanding',
    'from_number_disabled',
    'agent_disabled',
    'end_in_past',
  ],
  async handler(context) {
    const job = await beginJobIn(context, context.params.batchId, context.body);
    return { status: 201, body: toJobView(job) };
  },
});
