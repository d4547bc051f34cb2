import type { ProviderKind } from './provider.js';
import { retell } from './retell/adapter.js';
import { simulator } from './simulator/adapter.js';

/** Every kind of provider, in the order in which people choose. A new one is a folder beside these, and a line here. */
const KINDS: readonly ProviderKind[] = [retell, simulator];

export const PROVIDER_KINDS: readonly string[] = KINDS.map(({ kind }) => kind);

/** @returns null when there is none of this name */
export function providerKind(kind: string): ProviderKind | null {
  return KINDS.find((known) => known.kind === kind) ?? null;
}
