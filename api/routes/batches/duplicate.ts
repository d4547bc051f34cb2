import { z } from 'zod';
import { BATCH_NAME_LENGTH_MAX, updateBatchSchema } from '../../../domain/batches/request.js';
import { settingsToCopy } from '../../../domain/batches/settings.js';
import { publicId } from '../../../domain/ids.js';
import { DUPLICATED_RECIPIENTS_MAX, duplicateBatch } from '../../../store/changes/duplicate-batch.js';
import { isAllowed } from '../../../domain/batches/status.js';
import { notAllowed, requireBatch } from '../../actions/change-batch.js';
import { ApiError } from '../../http/errors.js';
import { versionHeader } from '../../http/bodies/if-match.js';
import { defineOperation } from '../../http/operation.js';
import { batchSchema } from '../../schemas/batch-schemas.js';
import { idIn } from '../../schemas/fields.js';
import { toBatchView } from '../../views/batch-view.js';

const COPY_SUFFIX = ' (copy)';

export const duplicateBatchOperation = defineOperation({
  id: 'duplicateBatch',
  method: 'post',
  path: '/v1/batches/{batchId}/duplicate',
  summary: 'Duplicate a batch',
  description: `Makes a draft with the same number, agent, window, limits and policies, in every status. The start, the \`notAfter\` of the retry policy, and an override of lawful hours are left out. Recipients are copied with \`recipients: true\`, at most ${DUPLICATED_RECIPIENTS_MAX}: 422 beyond, upload the file again.`,
  tag: 'batches',
  role: 'operator',
  work: ({ body }) => (body?.recipients ? 'bulk' : 'control'),
  params: z.object({ batchId: idIn('batch') }),
  body: z.strictObject({ name: updateBatchSchema.shape.name, recipients: z.boolean().default(false) }).optional(),
  responses: { 201: { description: 'The draft', headers: ['Location', 'ETag'], schema: batchSchema } },
  errors: ['action_not_allowed', 'too_many_recipients'],
  async handler({ auth, params, body, deps, command }) {
    const original = await requireBatch({ deps, auth }, params.batchId);
    if (!isAllowed('duplicate', original.status, original.kind)) throw notAllowed(original, 'duplicate');
    const made = await duplicateBatch(deps.db, {
      id: command.newId('batch'),
      workspaceId: auth.workspaceId,
      batchId: original.id,
      settings: { ...settingsToCopy(original), name: body?.name ?? nameOfCopy(original.name) },
      withRecipients: body?.recipients ?? false,
      actor: auth.actor,
    });
    if (made.is === 'too-many') {
      const message = `The batch ${publicId('batch', original.id)} has more than ${DUPLICATED_RECIPIENTS_MAX} recipients. Duplicate it without them, then upload the file again: POST /v1/batches/{batchId}/imports.`;
      throw new ApiError('too_many_recipients', message);
    }
    const { id } = made;
    const [batch, counts] = await Promise.all([requireBatch({ deps, auth }, id), deps.counter.count([id])]);
    return {
      status: 201,
      body: toBatchView(batch, counts.get(id)!), // counted above
      headers: { Location: `/v1/batches/${publicId('batch', id)}`, ...versionHeader(batch.version) },
    };
  },
});

function nameOfCopy(name: string | null): string | null {
  return name && `${name.slice(0, BATCH_NAME_LENGTH_MAX - COPY_SUFFIX.length)}${COPY_SUFFIX}`;
}
