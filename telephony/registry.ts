import type { ProviderAccess, ProviderAdapter, ProviderKind } from './provider.js';
import { retell } from './retell/adapter.js';
import type { Sender } from './send-request.js';
import { simulator } from './simulator/adapter.js';

/** Every kind of provider, in the order in which people choose. A new one is a folder beside these, and a line here. */
const KINDS: readonly AnyKind[] = [retell, simulator];

/** A kind whose credentials were not checked yet: `createProvider` does, by the kind's own schema. */
type AnyKind = Omit<ProviderKind, 'create'> & {
  create(account: ProviderAccess<never>, send: Sender['send']): ProviderAdapter;
};

export const PROVIDER_KINDS: readonly string[] = KINDS.map(({ kind }) => kind);

/** Kinds that answer for many calls at once. */
export const KINDS_WITH_PAGES: readonly string[] = KINDS.filter(({ traits }) => traits.findsPages).map(
  ({ kind }) => kind,
);

/** @returns null when there is none of this name */
export function providerKind(kind: string): AnyKind | null {
  return KINDS.find((known) => known.kind === kind) ?? null;
}
