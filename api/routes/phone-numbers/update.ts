import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { readPhoneNumber, updatePhoneNumber } from '../../../store/settings/phone-numbers.js';
import { checkOutboundAgent } from '../../actions/check-account.js';
import { notFound } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { idIn, shortText } from '../../schemas/fields.js';
import { phoneNumberSchema } from '../../schemas/phone-number-schemas.js';
import { callsPerSecondInput, concurrencyInput } from '../../schemas/limits.js';
import { toPhoneNumberView } from '../../views/setup-views.js';
import { wakeBatch } from '../../actions/wake-batch.js';

export const updatePhoneNumberOperation = defineOperation({
  id: 'updatePhoneNumber',
  method: 'patch',
  path: '/v1/phone-numbers/{phoneNumberId}',
  summary: 'Change, disable or enable a phone number',
  description:
    'Once disabling is answered, no further call starts from it, and the running batches that use it are PAUSED with the reason. Limits hold from the answer on; live calls above a lower one go on.',
  tag: 'phone numbers',
  role: 'admin',
  params: z.object({ phoneNumberId: idIn('phoneNumber') }),
  body: z.strictObject({
    label: shortText.nullable().optional(),
    outbound: z.boolean().optional(),
    outboundAgentId: idIn('agent').nullable().optional(),
    concurrency: concurrencyInput(1).nullable().optional(),
    callsPerSecond: callsPerSecondInput.nullable().optional(),
    disabled: z.boolean().optional(),
  }),
  responses: { 200: { description: 'The number as it is now', schema: phoneNumberSchema } },
  errors: ['agent_not_found', 'agent_of_other_account'],
  async handler({ auth, params, body, deps }) {
    const found = await readPhoneNumber(deps.db, auth.workspaceId, params.phoneNumberId);
    if (!found) throw notFound('phone number', publicId('phoneNumber', params.phoneNumberId));
    if (body.outboundAgentId)
      await checkOutboundAgent(deps.db, auth.workspaceId, body.outboundAgentId, found.providerAccountId);
    const { concurrency: concurrencyLimit, ...others } = body;
    const paused = (await updatePhoneNumber(deps.db.pool, auth, found.id, { ...others, concurrencyLimit })) ?? [];
    await Promise.all(paused.map((batchId) => wakeBatch(deps, batchId)));
    return {
      status: 200,
      body: toPhoneNumberView((await readPhoneNumber(deps.db, auth.workspaceId, found.id)) ?? found),
    };
  },
});
