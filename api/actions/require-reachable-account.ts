import { publicId } from '../../domain/ids.js';
import { findProviderAccount } from '../../store/settings/provider-accounts.js';
import { readProviderAccount, type ProviderAccountRow } from '../../store/settings/read-provider-account.js';
import { problemOfAccount } from '../../telephony/create-provider.js';
import { ApiError, notFound } from '../http/errors.js';
import type { Auth, RequestDeps } from '../http/operation.js';

/**
 * An account with its credentials in the clear, for one question to its provider. Not the adapter that is kept for dialling:
 * credentials that were just changed count at once. @throws ApiError when nothing can be asked through it
 */
export async function requireReachableAccount(
  { db, config, sender }: RequestDeps,
  { workspaceId }: Auth,
  id: string,
): Promise<ProviderAccountRow> {
  const shown = publicId('providerAccount', id);
  const found = await findProviderAccount(db, workspaceId, id);
  if (!found) throw notFound('provider account', shown);
  if (found.unreadableAt)
    throw new ApiError(
      'credentials_needed',
      `The stored credentials of ${shown} cannot be read. PATCH it with its credentials, then try again.`,
    );
  const account = await readProviderAccount(db.pool, config.secretBox, id);
  if (!account) throw notFound('provider account', shown);
  const problem = problemOfAccount(account, sender);
  if (problem)
    throw new ApiError(
      'provider_account_not_allowed',
      `Nothing is sent to ${shown}: its ${problem.field} ${problem.why}. Add an account that may be reached, or ask the operator of this installation.`,
    );
  return account;
}
