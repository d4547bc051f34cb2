import type { FoundCall } from './provider.js';

/** One entry for each reference, in the order of the list. If several calls carry one, all are told, under the first one's id. */
export function foundCalls(told: readonly FoundCall[]): FoundCall[] {
  const byReference = new Map<string, FoundCall>();
  for (const { reference, callId, facts } of told) {
    const known = byReference.get(reference);
    byReference.set(reference, {
      reference,
      callId: known?.callId ?? callId,
      facts: [...(known?.facts ?? []), ...facts],
    });
  }
  return [...byReference.values()];
}
