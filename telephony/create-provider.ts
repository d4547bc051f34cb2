import { BaseUrlNotAllowedError, isAllowedBaseUrl } from './allowed-base-url.js';
import type { ProviderAccountSettings, TelephonyProvider } from './provider.js';
import { createRetellProvider } from './retell/adapter.js';
import { createSimulatorProvider } from './simulator/adapter.js';

const PROVIDERS: Record<string, (account: ProviderAccountSettings) => TelephonyProvider> = {
  simulator: createSimulatorProvider,
  retell: createRetellProvider,
};
export const PROVIDER_KINDS = Object.keys(PROVIDERS);

/** There is no adapter for this kind of provider account. */
export class UnknownProviderError extends Error {
  override readonly name = 'UnknownProviderError';
  readonly code = 'UNKNOWN_PROVIDER';
}

/** The adapter for an account, by its kind. Connects to nothing. @throws UnknownProviderError, BaseUrlNotAllowedError */
export function createProvider(account: ProviderAccountSettings): TelephonyProvider {
  const create = Object.hasOwn(PROVIDERS, account.kind) ? PROVIDERS[account.kind] : undefined;
  if (!create)
    throw new UnknownProviderError(
      `There is no provider of kind '${account.kind}'; use one of: ${PROVIDER_KINDS.join(', ')}`,
    );
  if (!isAllowedBaseUrl(account.baseUrl))
    throw new BaseUrlNotAllowedError(
      'The address of a provider account starts with https://; plain http:// is for this machine only',
    );
  return create(account);
}
