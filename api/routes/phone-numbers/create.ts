import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { createPhoneNumber, readPhoneNumber } from '../../../store/settings/phone-numbers.js';
import { checkAccount, checkOutboundAgent } from '../../actions/check-account.js';
import { ApiError, notFound } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { idIn, phoneText, shortText } from '../../schemas/fields.js';
import { phoneNumberSchema } from '../../schemas/phone-number-schemas.js';
import { callsPerSecondInput, concurrencyInput } from '../../schemas/limits.js';
import { toPhoneNumberView } from '../../views/setup-views.js';

export const createPhoneNumberOperation = defineOperation({
  id: 'createPhoneNumber',
  method: 'post',
  path: '/v1/phone-numbers',
  summary: 'Register a phone number',
  description:
    'Makes a number that the provider account owns known here. An outbound agent bound to it is the default of its batches. Its limits hold beside those of the workspace and of each batch; null is none.',
  tag: 'phone numbers',
  role: 'admin',
  body: z.strictObject({
    providerAccountId: idIn('providerAccount'),
    phoneNumber: phoneText,
    label: shortText.nullable().default(null),
    outbound: z.boolean().default(true),
    outboundAgentId: idIn('agent').nullable().default(null),
    concurrency: concurrencyInput(1).nullable().default(null),
    callsPerSecond: callsPerSecondInput.nullable().default(null),
  }),
  responses: { 201: { description: 'The number', headers: ['Location'], schema: phoneNumberSchema } },
  errors: [
    'already_exists',
    'provider_account_not_found',
    'provider_account_disabled',
    'agent_not_found',
    'agent_of_other_account',
  ],
  async handler({ auth, body, deps, command }) {
    const { db } = deps;
    const { phoneNumber: phone, concurrency: concurrencyLimit, ...settings } = body;
    await checkAccount(db, auth.workspaceId, body.providerAccountId);
    if (body.outboundAgentId !== null)
      await checkOutboundAgent(db, auth.workspaceId, body.outboundAgentId, body.providerAccountId);
    const made = await createPhoneNumber(db, {
      ...{ ...settings, phone, concurrencyLimit },
      id: command.newId('phoneNumber'),
      workspaceId: auth.workspaceId,
      actor: auth.actor,
    });
    const id = publicId('phoneNumber', made.id);
    if (made.is === 'taken')
      throw new ApiError('already_exists', `The provider account has this number already: ${id}.`, {
        members: { existingId: id },
      });
    const number = await readPhoneNumber(db, auth.workspaceId, made.id);
    if (!number) throw notFound('phone number', id);
    return { status: 201, body: toPhoneNumberView(number), headers: { Location: `/v1/phone-numbers/${id}` } };
  },
});
