import { createProvider } from './create-provider.js';
import type { ProviderAccountSettings, TelephonyProvider } from './provider.js';

/** The adapters of a process, by provider account. */
export type ProviderDirectory = { of(providerAccountId: string): Promise<TelephonyProvider> };

/** There is no such provider account. */
export class NoProviderAccountError extends Error {
  override readonly name = 'NoProviderAccountError';
  constructor(readonly providerAccountId: string) {
    super(`there is no provider account ${providerAccountId}`);
  }
}

/** How long a change of credentials or address may take to be seen. */
const KEPT_MS = 10_000;

/** Keeps adapters for a while, so that a dial does not wait for a look-up of its account. */
export function createProviderDirectory(
  read: (id: string) => Promise<ProviderAccountSettings | null>,
): ProviderDirectory {
  const kept = new Map<string, { provider: TelephonyProvider; settings: string; untilMs: number }>();
  return {
    async of(id) {
      const known = kept.get(id);
      if (known && performance.now() < known.untilMs) return known.provider;
      const settings = await read(id);
      if (!settings) throw new NoProviderAccountError(id);
      const text = JSON.stringify(settings);
      const provider = known?.settings === text ? known.provider : createProvider(settings);
      kept.set(id, { provider, settings: text, untilMs: performance.now() + KEPT_MS });
      return provider;
    },
  };
}
