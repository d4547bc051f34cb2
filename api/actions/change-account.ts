import { publicId } from '../../domain/ids.js';
import type { Actor } from '../../domain/people/actor.js';
import {
  updateProviderAccount,
  type ListedWith,
  type ProviderAccountPatch,
} from '../../store/settings/update-provider-account.js';
import { createProvider } from '../../telephony/create-provider.js';
import { findProviderAccount } from '../../store/settings/provider-accounts.js';
import type { ProviderAccountSettings } from '../../telephony/provider.js';
import { ApiError, notFound } from '../http/errors.js';
import type { RequestDeps } from '../http/operation.js';
import { refused } from './check-caller.js';
import { credentialsForm } from './check-credentials.js';

type Owned = { workspaceId: string; id: string; actor: Actor };

/**
 * Changes a provider account. `updateProviderAccount` decides, under the workspace lock, whether a new key needs proof of
 * whose it is; only then is the provider asked, and the change tried once more with what it lists.
 * @returns the batches to wake @throws ApiError
 */
export async function changeAccount(deps: RequestDeps, owned: Owned, patch: ProviderAccountPatch): Promise<string[]> {
  const { db, config } = deps;
  const shown = publicId('providerAccount', owned.id);
  if (patch.forceKeyChange && patch.credentials === undefined)
    throw refused(
      'validation_failed',
      'forceKeyChange',
      'forceKeyChange goes with new credentials: send both, or neither.',
    );
  const account = await findProviderAccount(db, owned.workspaceId, owned.id);
  if (!account) throw notFound('provider account', shown);
  const form = patch.credentials ? credentialsForm(account.kind) : null;
  const change = (listed: ListedWith | null) =>
    updateProviderAccount(db, config.secretBox, owned, { form, patch, listed });
  let why = 'it lists other from-numbers than the account has';
  let result = await change(null);
  if (result.is === 'other-account') {
    const { credentials } = result;
    const numbers = await listNumbersWith(deps, { ...account, credentials });
    if (typeof numbers === 'string') why = numbers;
    else result = await change({ credentials, numbers });
  }
  switch (result.is) {
    case 'changed':
      return result.paused;
    case 'not-found':
      throw notFound('provider account', shown);
    case 'all-needed':
      throw refused(
        'validation_failed',
        `credentials.${result.missing[0]}`,
        `The stored credentials of ${shown} cannot be read: send all of them together (${form?.names.join(', ')}; null for one that it has not).`,
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
async function listNumbersWith(deps: RequestDeps, account: ProviderAccountSettings): Promise<string[] | string> {
  const provider = createProvider(account, deps.sender);
  const answer = await provider.listNumbers(deps.config.settings.requestTimeoutMs);
  return answer.is === 'listed'
    ? answer.items.map(({ phone }) => phone)
    : `the provider did not list its from-numbers with it (${answer.why})`;
}
