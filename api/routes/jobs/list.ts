import { z } from 'zod';
import { listJobs } from '../../../store/jobs/jobs.js';
import { requireBatch } from '../../actions/change-batch.js';
import { CURSOR_TIME, CURSOR_UUID, pageOf, pageQuery, readCursor, toPage } from '../../http/paging.js';
import { defineOperation } from '../../http/operation.js';
import { idIn } from '../../schemas/fields.js';
import { jobSchema } from '../../schemas/job-schemas.js';
import { toJobView } from '../../views/job-view.js';

export const listJobsOperation = defineOperation({
  id: 'listJobs',
  method: 'get',
  path: '/v1/batches/{batchId}/jobs',
  summary: 'List the jobs of a batch',
  description: 'The newest first, those that are over too.',
  tag: 'jobs',
  role: 'viewer',
  params: z.object({ batchId: idIn('batch') }),
  query: z.object(pageQuery),
  responses: { 200: { description: 'A page of jobs', schema: pageOf(jobSchema) } },
  async handler({ auth, params, query: { cursor, limit }, deps }) {
    const after = readCursor(cursor, [CURSOR_TIME, CURSOR_UUID]);
    const batch = await requireBatch({ deps, auth }, params.batchId);
    const page = { after: after && { cursorAt: after[0]!, id: after[1]! }, limit: limit + 1 }; // readCursor has counted them
    const rows = await listJobs(deps.db.pool, batch.id, page);
    return { status: 200, body: toPage(rows, limit, toJobView, (row) => [row.cursorAt, row.id]) };
  },
});
