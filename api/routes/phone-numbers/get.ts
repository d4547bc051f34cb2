import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { readPhoneNumber } from '../../../store/settings/phone-numbers.js';
import { notFound } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { idIn } from '../../schemas/fields.js';
import { phoneNumberSchema } from '../../schemas/phone-number-schemas.js';
import { toPhoneNumberView } from '../../views/setup-views.js';

export const getPhoneNumberOperation = defineOperation({
  id: 'getPhoneNumber',
  method: 'get',
  path: '/v1/phone-numbers/{phoneNumberId}',
  summary: 'Get a phone number',
  description: 'A number of a provider account, to call from.',
  tag: 'phone numbers',
  role: 'viewer',
  params: z.object({ phoneNumberId: idIn('phoneNumber') }),
  responses: { 200: { description: 'The number', schema: phoneNumberSchema } },
  async handler({ auth, params, deps }) {
    const number = await readPhoneNumber(deps.db, auth.workspaceId, params.phoneNumberId);
    if (!number) throw notFound('phone number', publicId('phoneNumber', params.phoneNumberId));
    return { status: 200, body: toPhoneNumberView(number) };
  },
});
