import type { CallRecord } from './request-record.js';

/** The calls by id and by reference, and which references were called more than once: that outlives forgotten calls. */
export function createCallIndex() {
  const byId = new Map<string, CallRecord>();
  const byReference = new Map<string, CallRecord[]>();
  const twice = new Set<string>();
  return {
    add(call: CallRecord): void {
      const { reference } = call.request;
      byId.set(call.callId, call);
      const others = byReference.get(reference) ?? [];
      byReference.set(reference, [...others, call]);
      if (others.length > 0) twice.add(reference);
    },
    remove(call: CallRecord): void {
      const { reference } = call.request;
      byId.delete(call.callId);
      const others = (byReference.get(reference) ?? []).filter((other) => other !== call);
      if (others.length > 0) byReference.set(reference, others);
      else byReference.delete(reference);
    },
    withId: (callId: string): CallRecord | undefined => byId.get(callId),
    withReference: (reference: string): readonly CallRecord[] => byReference.get(reference) ?? [],
    referencesTwice: (): string[] => [...twice],
    clear(): void {
      for (const known of [byId, byReference, twice]) known.clear();
    },
  };
}
