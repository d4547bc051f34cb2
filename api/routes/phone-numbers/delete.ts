import { z } from 'zod';
import { deleteSetting } from '../../actions/settings/delete-setting.js';
import { defineOperation } from '../../http/operation.js';
import { idIn } from '../../schemas/fields.js';

export const deletePhoneNumberOperation = defineOperation({
  id: 'deletePhoneNumber',
  method: 'delete',
  path: '/v1/phone-numbers/{phoneNumberId}',
  summary: 'Delete a phone number that was never used',
  description: 'Only what no batch ever had, not even a deleted one: else 409 `in_use`, and it is disabled instead.',
  tag: 'phone numbers',
  role: 'admin',
  work: 'bulk',
  params: z.object({ phoneNumberId: idIn('phoneNumber') }),
  responses: { 204: { description: 'Deleted' } },
  errors: ['in_use'],
  handler: (context) => deleteSetting(context, 'phoneNumber', context.params.phoneNumberId),
});
