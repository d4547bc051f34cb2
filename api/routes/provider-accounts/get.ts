import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { findProviderAccount } from '../../../store/settings/provider-accounts.js';
import { providerAccountSchema } from '../../schemas/account-schemas.js';
import { notFound } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { idIn } from '../../schemas/fields.js';
import { toProviderAccountView } from '../../views/setup-views.js';

export const getProviderAccountOperation = defineOperation({
  id: 'getProviderAccount',
  method: 'get',
  path: '/v1/provider-accounts/{providerAccountId}',
  summary: 'Get a provider account',
  description: 'Without its credentials, which are never shown.',
  tag: 'provider accounts',
  role: 'viewer',
  params: z.object({ providerAccountId: idIn('providerAccount') }),
  responses: { 200: { description: 'The account', schema: providerAccountSchema } },
  async handler({ auth, params, deps }) {
    const account = await findProviderAccount(deps.db, auth.workspaceId, params.providerAccountId);
    if (!account) throw notFound('provider account', publicId('providerAccount', params.providerAccountId));
    return { status: 200, body: toProviderAccountView(account, deps) };
  },
});
