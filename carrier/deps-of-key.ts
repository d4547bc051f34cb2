import type { RouteDeps } from './http.js';

/**
 * What the account of an API key works on; null when no account has the key. Another account than ours lists its own
 * numbers, knows none of our calls and is refused a call.
 */
export function depsOfKey(deps: RouteDeps, authorization: string | undefined): RouteDeps | null {
  const { apiKey, furtherApiKeys, otherAccount } = deps.settings();
  const isKey = (key: string): boolean => authorization === `Bearer ${key}`;
  if ([apiKey, ...furtherApiKeys].some(isKey)) return deps;
  if (!otherAccount || !isKey(otherAccount.apiKey)) return null;
  return {
    ...deps,
    settings: () => ({ ...deps.settings(), fromNumbers: otherAccount.fromNumbers }),
    carrier: {
      ...deps.carrier,
      receive: () => ({ is: 'refused', status: 403, message: 'this account has no such from-number' }),
      hangUp: () => false,
      find: () => [],
      get: () => undefined,
    },
  };
}
