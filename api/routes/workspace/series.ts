import { z } from 'zod';
import { readSeriesView } from '../../views/series-view.js';
import { defineOperation } from '../../http/operation.js';
import { seriesQuery, seriesSchema } from '../../schemas/series-schemas.js';
import { readClock } from '../../../store/read-clock.js';

const DAY_MS = 86_400_000;

export const getSeriesOperation = defineOperation({
  id: 'getSeries',
  method: 'get',
  path: '/v1/series',
  summary: 'Get the figures of the workspace over time',
  description:
    'Calls of all batches, and test calls, by quarters of an hour, hours or days. A call counts where it began, however late its outcome is known. Without `from` and `until`: the last 24 hours. In UTC unless `timeZone` says otherwise.',
  tag: 'workspace',
  role: 'viewer',
  query: z.object(seriesQuery),
  responses: { 200: { description: 'A point for each bucket, also where nothing happened', schema: seriesSchema } },
  async handler({ auth, query, deps }) {
    const until = query.until ?? new Date((await readClock(deps.db.pool)) + 1);
    const series = await readSeriesView(
      deps.db.pool,
      { kind: 'workspace', id: auth.workspaceId },
      {
        from: query.from ?? new Date(until.getTime() - DAY_MS),
        until,
        bucket: query.bucket,
        timeZone: query.timeZone ?? 'UTC',
      },
    );
    return { status: 200, body: series };
  },
});
