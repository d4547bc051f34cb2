import { z } from 'zod';
import { JOB_KEPT_DAYS } from '../../../domain/jobs/job.js';
import { requireJob } from '../../actions/jobs/begin-job.js';
import { defineOperation } from '../../http/operation.js';
import { idIn } from '../../schemas/fields.js';
import { jobSchema } from '../../schemas/job-schemas.js';
import { toJobView } from '../../views/job-view.js';

export const getJobOperation = defineOperation({
  id: 'getJob',
  method: 'get',
  path: '/v1/jobs/{jobId}',
  summary: 'Get a job',
  description: `What it has done until now, exactly. A job that is over is kept for ${JOB_KEPT_DAYS} days.`,
  tag: 'jobs',
  role: 'viewer',
  params: z.object({ jobId: idIn('job') }),
  responses: { 200: { description: 'The job', schema: jobSchema } },
  async handler(context) {
    return { status: 200, body: toJobView(await requireJob(context, context.params.jobId)) };
  },
});
