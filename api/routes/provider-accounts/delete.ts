import { z } from 'zod';
import { deleteSetting } from '../../actions/settings/delete-setting.js';
import { defineOperation } from '../../http/operation.js';
import { idIn } from '../../schemas/fields.js';

export const deleteProviderAccountOperation = defineOperation({
  id: 'deleteProviderAccount',
  method: 'delete',
  path: '/v1/provider-accounts/{providerAccountId}',
  summary: 'Delete a provider account that was never used',
  description:
    'Only what no batch ever had, not even a deleted one: else 409 `in_use`, and it is disabled instead. Its numbers and agents are deleted first.',
  tag: 'provider accounts',
  role: 'admin',
  work: 'bulk',
  params: z.object({ providerAccountId: idIn('providerAccount') }),
  responses: { 204: { description: 'Deleted' } },
  errors: ['in_use'],
  handler: (context) => deleteSetting(context, 'providerAccount', context.params.providerAccountId),
});
