import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { endJob } from '../../../store/jobs/jobs.js';
import { requireJob } from '../../actions/jobs/begin-job.js';
import { wakeBatch } from '../../actions/wake-batch.js';
import { ApiError, notFound } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { emptyBody, idIn } from '../../schemas/fields.js';
import { jobSchema } from '../../schemas/job-schemas.js';
import { toJobView } from '../../views/job-view.js';

export const endJobOperation = defineOperation({
  id: 'endJob',
  method: 'post',
  path: '/v1/jobs/{jobId}/end',
  summary: 'End a job in its middle',
  description:
    'Once this is answered it changes nobody more. What it has done stays done, and its counts say what that is.',
  tag: 'jobs',
  role: 'operator',
  work: 'stop',
  params: z.object({ jobId: idIn('job') }),
  body: emptyBody,
  responses: { 200: { description: 'The job as it was ended', schema: jobSchema } },
  errors: ['job_not_running'],
  async handler(context) {
    const { auth, params, deps, command } = context;
    const { workspaceId, actor } = auth;
    const ended = await endJob(deps.db.pool, { workspaceId, jobId: params.jobId, actor, commandId: command.id });
    const id = publicId('job', params.jobId);
    if (ended.result === 'NOT_FOUND') throw notFound('job', id);
    if (ended.result === 'NOT_RUNNING') {
      const message = `The job ${id} is ${ended.status}: there is nothing to end.`;
      throw new ApiError('job_not_running', message, { members: { jobStatus: ended.status } });
    }
    await wakeBatch(deps, ended.batchId);
    return { status: 200, body: toJobView(await requireJob(context, params.jobId)) };
  },
});
