import { z } from 'zod';
import { listBatchAudit } from '../../../store/people/read-audit.js';
import { AUDIT_ACTIONS } from '../../../domain/people/audit-actions.js';
import { requireBatch } from '../../actions/change-batch.js';
import { defineOperation } from '../../http/operation.js';
import { CURSOR_TIME, CURSOR_UUID, pageOf, pageQuery, readCursor, toPage } from '../../http/paging.js';
import { idIn, idOut, time } from '../../schemas/fields.js';
import { toBatchEventView } from '../../views/event-view.js';

const batchEventSchema = z
  .object({
    at: time,
    actor: z.string().meta({ description: "An API key's id, `temporal` for a signal made by hand, or `dialwright`" }),
    action: z.enum(AUDIT_ACTIONS),
    applied: z.boolean().meta({ description: 'False for what was asked for and refused' }),
    attemptId: idOut('attempt').nullable(),
    detail: z.record(z.string(), z.unknown()),
    advice: z.string().nullable().meta({ description: 'What to do about it, where there is something to do' }),
  })
  .meta({ id: 'BatchEvent' });

export const listBatchEventsOperation = defineOperation({
  id: 'listBatchEvents',
  method: 'get',
  path: '/v1/batches/{batchId}/events',
  summary: 'List what was done with a batch',
  description:
    'Newest first: who changed what and when, what Dialwright did by itself, and what was refused. Holds no phone number, name or variable of a recipient.',
  tag: 'batches',
  role: 'viewer',
  params: z.object({ batchId: idIn('batch') }),
  query: z.object(pageQuery),
  responses: { 200: { description: 'A page of events', schema: pageOf(batchEventSchema) } },
  async handler({ auth, params, query, deps }) {
    const cursor = readCursor(query.cursor, [CURSOR_TIME, CURSOR_UUID]);
    const batch = await requireBatch({ deps, auth }, params.batchId);
    const rows = await listBatchAudit(deps.db.pool, batch.id, {
      after: cursor && { cursorAt: cursor[0]!, id: cursor[1]! }, // readCursor has counted them
      limit: query.limit + 1,
    });
    return { status: 200, body: toPage(rows, query.limit, toBatchEventView, (row) => [row.cursorAt, row.id]) };
  },
});
