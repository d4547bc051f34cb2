import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { findProviderAccount } from '../../../store/settings/provider-accounts.js';
import { accountLimits, credentialsSchema, providerAccountSchema } from '../../schemas/account-schemas.js';
import { changeAccount } from '../../actions/change-account.js';
import { notFound } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { idIn, nameText } from '../../schemas/fields.js';
import { toProviderAccountView } from '../../views/setup-views.js';
import { wakeBatch } from '../../actions/wake-batch.js';

export const updateProviderAccountOperation = defineOperation({
  id: 'updateProviderAccount',
  method: 'patch',
  path: '/v1/provider-accounts/{providerAccountId}',
  summary: 'Change, disable or enable a provider account',
  description:
    'Its kind and its address stay: credentials are for one of each. Credentials that are not named stay too. New ones are used within 10 seconds, limits by calls that start from then on. Once disabling is answered, no further call starts through it, and the running batches that use it are PAUSED with the reason. While attempts are open (the settler would still ask the provider about them), a new API key (what identifies the account at its provider) has to list the from-numbers that the account has, which shows that it is of the same account; else 409, unless `forceKeyChange` is true. An account that shows `needsCredentials` takes all credentials together.',
  tag: 'provider accounts',
  role: 'admin',
  confirmation: { when: 'where `credentials` are sent', isNeeded: ({ body }) => body.credentials !== undefined },
  work: 'outside',
  params: z.object({ providerAccountId: idIn('providerAccount') }),
  body: z.strictObject({
    name: nameText.optional(),
    credentials: credentialsSchema.optional(),
    ringLimitMs: accountLimits.ringLimitMs.optional(),
    callLengthMaxMs: accountLimits.callLengthMaxMs.optional(),
    settleDelayMs: accountLimits.settleDelayMs.optional(),
    pollIntervalMs: accountLimits.pollIntervalMs.optional(),
    disabled: z.boolean().optional(),
    forceKeyChange: z.boolean().optional().meta({
      description:
        'Takes the new API key although attempts are open and nothing shows that it is of the same account at the provider, for instance because the key before it has leaked. Those attempts stay UNCERTAIN until evidence or a verdict comes, and are never dialled again by themselves',
    }),
  }),
  responses: { 200: { description: 'The account as it is now', schema: providerAccountSchema } },
  errors: ['provider_account_not_same', 'settings_changed'],
  async handler({ auth, params, body, deps }) {
    const owned = { workspaceId: auth.workspaceId, id: params.providerAccountId, actor: auth.actor };
    const paused = await changeAccount(deps, owned, body);
    await Promise.all(paused.map((batchId) => wakeBatch(deps, batchId)));
    const account = await findProviderAccount(deps.db, auth.workspaceId, owned.id);
    if (!account) throw notFound('provider account', publicId('providerAccount', owned.id));
    return { status: 200, body: toProviderAccountView(account, deps) };
  },
});
