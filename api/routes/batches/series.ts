import { z } from 'zod';
import { requireBatch } from '../../actions/change-batch.js';
import { readSeriesView } from '../../views/series-view.js';
import { defineOperation } from '../../http/operation.js';
import { idIn } from '../../schemas/fields.js';
import { seriesQuery, seriesSchema } from '../../schemas/series-schemas.js';
import { readClock } from '../../../store/read-clock.js';

export const getBatchSeriesOperation = defineOperation({
  id: 'getBatchSeries',
  method: 'get',
  path: '/v1/batches/{batchId}/series',
  summary: 'Get the figures of a batch over time',
  description:
    'Calls by quarters of an hour, hours or days: how many were sent, how they ended, how many were live. A call counts where it began, however late its outcome is known. Without `from` and `until`: from its start until its end, or now. In the zone of the batch unless `timeZone` says otherwise.',
  tag: 'batches',
  role: 'viewer',
  params: z.object({ batchId: idIn('batch') }),
  query: z.object(seriesQuery),
  responses: { 200: { description: 'A point for each bucket, also where nothing happened', schema: seriesSchema } },
  async handler({ auth, params, query, deps }) {
    const batch = await requireBatch({ deps, auth }, params.batchId);
    const now = new Date(await readClock(deps.db.pool));
    const series = await readSeriesView(
      deps.db.pool,
      { kind: 'batch', id: batch.id },
      {
        from: query.from ?? batch.startedAt ?? batch.createdAt,
        // An instant is part of the bucket that it begins.
        until: query.until ?? new Date((batch.finishedAt ?? now).getTime() + 1),
        bucket: query.bucket,
        timeZone: query.timeZone ?? batch.timeZone ?? 'UTC',
      },
    );
    return { status: 200, body: series };
  },
});
