import { z } from 'zod';
import { RECIPIENT_STATUSES, waitingMeans } from '../../../domain/recipients/status.js';
import { listRecipients } from '../../../store/recipients/read-recipients.js';
import { requireBatch } from '../../actions/change-batch.js';
import { defineOperation } from '../../http/operation.js';
import { idIn } from '../../schemas/fields.js';
import { recipientSchema } from '../../schemas/recipient-schemas.js';
import { CURSOR_NUMBER, CURSOR_WORD, pageOf, pageQuery, readCursor, toPageInSlices } from '../../http/paging.js';
import { showRecipient } from '../../actions/show-recipient.js';

export const listRecipientsOperation = defineOperation({
  id: 'listRecipients',
  method: 'get',
  path: '/v1/batches/{batchId}/recipients',
  summary: 'List the recipients of a batch',
  description:
    'In order of arrival, or with `sort=status` by status. In order of arrival the pages are complete. A status changes while calls are made: by it, a recipient that moves on between two pages may be missing or come twice, and so it is with a `status` that is asked for.',
  tag: 'recipients',
  role: 'viewer',
  params: z.object({ batchId: idIn('batch') }),
  query: z.object({
    ...pageQuery,
    status: z.enum(RECIPIENT_STATUSES).optional(),
    sort: z.enum(['ordinal', 'status']).default('ordinal'),
  }),
  responses: { 200: { description: 'A page of recipients', schema: pageOf(recipientSchema) } },
  errors: ['holidays_not_ready'],
  async handler({ auth, params, query, deps }) {
    const cursor = readCursor(query.cursor, [CURSOR_WORD, CURSOR_NUMBER]);
    const batch = await requireBatch({ deps, auth }, params.batchId);
    const rows = await listRecipients(deps.db, batch, {
      status: query.status ?? null,
      waitingMeans: waitingMeans(batch),
      retryOutstanding: batch.chunkWork === 'RETRY' || batch.chunkWork === 'RETRY_CANCELLED',
      sort: query.sort,
      after: cursor && { state: cursor[0]!, ordinal: cursor[1]! }, // readCursor has counted them
      limit: query.limit + 1,
    });
    return {
      status: 200,
      body: await toPageInSlices(
        rows,
        query.limit,
        (row) => showRecipient(batch, row),
        (row) => [row.state, row.ordinal],
      ),
    };
  },
});
