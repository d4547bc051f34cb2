import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { listAttemptAudit } from '../../../store/people/read-audit.js';
import { findBatchOfRecipient, listAttempts, readRecipient } from '../../../store/recipients/read-recipients.js';
import { requireBatch } from '../../actions/change-batch.js';
import { notFound } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { attemptSchema, timelineSchema } from '../../schemas/attempt-schemas.js';
import { idIn } from '../../schemas/fields.js';
import { recipientSchema } from '../../schemas/recipient-schemas.js';
import { showRecipient } from '../../actions/show-recipient.js';
import { toAttemptView } from '../../views/recipient-view.js';
import { toTimeline } from '../../views/timeline.js';

export const getRecipientOperation = defineOperation({
  id: 'getRecipient',
  method: 'get',
  path: '/v1/recipients/{recipientId}',
  summary: 'Get a recipient',
  description:
    'With every attempt and what the provider told about it, a timeline of all of it in order, and why the next call has not been made yet.',
  tag: 'recipients',
  role: 'viewer',
  params: z.object({ recipientId: idIn('recipient') }),
  responses: {
    200: {
      description: 'The recipient',
      schema: recipientSchema
        .extend({ attempts: z.array(attemptSchema), timeline: timelineSchema })
        .meta({ id: 'RecipientWithAttempts' }),
    },
  },
  errors: ['holidays_not_ready'],
  async handler({ auth, params, deps }) {
    const { pool } = deps.db;
    const batchId = await findBatchOfRecipient(pool, auth.workspaceId, params.recipientId);
    const batch = batchId && (await requireBatch({ deps, auth }, batchId));
    const row = batch && (await readRecipient(pool, batch, params.recipientId));
    if (!batch || !row) throw notFound('recipient', publicId('recipient', params.recipientId));
    const attempts = await listAttempts(pool, row.id);
    const audit = await listAttemptAudit(
      pool,
      batch.id,
      attempts.map(({ id }) => id),
    );
    const shown = { attempts: attempts.map(toAttemptView), timeline: toTimeline(attempts, audit) };
    return { status: 200, body: { ...(await showRecipient(batch, row)), ...shown } };
  },
});
