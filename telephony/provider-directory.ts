import { createProvider } from './create-provider.js';
import type { ProviderAccountSettings, TelephonyProvider } from './provider.js';
import type { Sender } from './send-request.js';

/**
 * The adapters of a process, by provider account. With an identity version the adapter is of that identity or none is
 * given: what another account at the provider says is no evidence.
 */
export type ProviderDirectory = {
  of(providerAccountId: string, identityVersion?: number): Promise<TelephonyProvider>;
};
/** The adapters with the workspaces that their accounts belong to. */
export type AccountDirectory = ProviderDirectory & {
  accountOf(providerAccountId: string): Promise<{ provider: TelephonyProvider; workspaceId: string }>;
};

/** There is no such provider account. */
export class NoProviderAccountError extends Error {
  override readonly name = 'NoProviderAccountError';
  constructor(readonly providerAccountId: string) {
    super(`there is no provider account ${providerAccountId}`);
  }
}

/** The account became another at the provider after its identity was read: ask again with the one that it has now. */
export class OtherIdentityError extends Error {
  override readonly name = 'OtherIdentityError';
  constructor(readonly providerAccountId: string) {
    super(`provider account ${providerAccountId} was given the credentials of another account meanwhile`);
  }
}

/** How long a change of credentials or address may take to be seen, where no identity version is asked for. */
const KEPT_MS = 10_000;

type Settings = ProviderAccountSettings & { workspaceId: string; identityVersion: number };
type Kept = { provider: TelephonyProvider; settings: Settings; text: string; untilMs: number };

/** Keeps adapters for a while, so that a dial does not wait for a look-up of its account. */
export function createProviderDirectory(
  read: (id: string) => Promise<Settings | null>,
  sender: Sender,
): AccountDirectory {
  const kept = new Map<string, Kept>();

  async function load(id: string, isRight: (settings: Settings) => boolean = () => true): Promise<Kept> {
    const known = kept.get(id);
    if (known && performance.now() < known.untilMs && isRight(known.settings)) return known;
    const settings = await read(id);
    if (!settings) throw new NoProviderAccountError(id);
    const text = JSON.stringify(settings);
    const provider = known?.text === text ? known.provider : createProvider(settings, sender);
    const loaded = { provider, settings, text, untilMs: performance.now() + KEPT_MS };
    kept.set(id, loaded);
    return loaded;
  }

  return {
    async of(id, identityVersion) {
      const isRight = (settings: Settings): boolean =>
        identityVersion === undefined || settings.identityVersion === identityVersion;
      const { provider, settings } = await load(id, isRight);
      if (!isRight(settings)) throw new OtherIdentityError(id);
      return provider;
    },
    async accountOf(id) {
      const { provider, settings } = await load(id);
      return { provider, workspaceId: settings.workspaceId };
    },
  };
}
