import { publicId } from '../../domain/ids.js';
import { updateProviderAccount, type ProviderAccountPatch } from '../../store/settings/update-provider-account.js';
import { createProvider } from '../../telephony/create-provider.js';
import { findProviderAccount } from '../../store/settings/provider-accounts.js';
import { ApiError, notFound } from '../http/errors.js';
import type { RequestDeps } from '../http/operation.js';
import { refused } from './check-caller.js';

type Owned = { workspaceId: string; id: string };

/**
 * Changes a provider account. `updateProviderAccount` decides, under the workspace lock, whether a new key needs proof of
 * whose it is; only then is the provider asked, and the change tried once more with what it lists.
 * @returns the batches to wake @throws ApiError
 */
export async function changeAccount(deps: RequestDeps, owned: Owned, patch: ProviderAccountPatch): Promise<string[]> {
  const { db, config } = deps;
  const shown = publicId('providerAccount', owned.id);
  if (patch.forceKeyChange && patch.apiKey === undefined)
    throw refused(
      'validation_failed',
      'forceKeyChange',
      'forceKeyChange goes with a new apiKey: send both, or neither.',
    );
  const change = (listedNumbers: string[] | null) =>
    updateProviderAccount(db, config.secretBox, owned, { patch, listedNumbers });
  let why = 'it lists other from-numbers than the account has';
  let result = await change(null);
  if (result.is === 'other-account' && patch.apiKey !== undefined) {
    const listed = await listNumbersWith(deps, owned, patch.apiKey);
    if (typeof listed === 'string') why = listed;
    else result = await change(listed);
  }
  switch (result.is) {
    case 'changed':
      return result.paused;
    case 'not-found':
      throw notFound('provider account', shown);
    case 'both-needed':
      throw refused(
        'validation_failed',
        result.missing,
        `The stored credentials of ${shown} cannot be read: send apiKey and webhookSecret together (webhookSecret may be null).`,
      );
    case 'overtaken':
      throw new ApiError(
        'settings_changed',
        `The credentials of ${shown} are being changed by others at this moment. Nothing was changed. Try again.`,
      );
    case 'other-account':
      throw new ApiError('provider_account_not_same', notSame(shown, result.openAttempts, why), {
        members: { openAttempts: result.openAttempts },
      });
  }
}

function notSame(shown: string, openAttempts: number, why: string): string {
  return (
    `${openAttempts} attempts of ${shown} are open, and the new API key does not show that it is of the same account at ` +
    `the provider: ${why}. With another account's key nobody could tell whether those calls exist. Nothing was changed. ` +
    'Send a key of the same account; or sync the account with its present key and try again; or wait until the attempts ' +
    'have ended; or, when the key has to go at once, send forceKeyChange: true: those attempts then stay UNCERTAIN ' +
    'until evidence or a verdict comes, and their recipients are not called again by themselves.'
  );
}

/** @returns the from-numbers, or why there are none */
async function listNumbersWith(
  deps: RequestDeps,
  { workspaceId, id }: Owned,
  apiKey: string,
): Promise<string[] | string> {
  const account = await findProviderAccount(deps.db.pool, workspaceId, id);
  if (!account) return 'the account is gone';
  const provider = createProvider({ ...account, apiKey, webhookSecret: '' }, deps.sender);
  const answer = await provider.listNumbers(deps.config.settings.requestTimeoutMs);
  return answer.is === 'listed'
    ? answer.items.map(({ phone }) => phone)
    : `the provider did not list its from-numbers with it (${answer.why})`;
}
