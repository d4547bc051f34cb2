import type { OthersCall } from './foreign-event.js';

type Page = { entries: { callId: string | null; reference: string | null; from: string | null; to: string | null }[] };

const PAGE_MAX = 1_000;
/** Of these most are live, or ended just now. */
const KEPT = 60;
const TIMEOUT_MS = 30_000;

/** The newest calls at a carrier, from its ledger: what somebody knows who listens on its line. */
export function watchCalls(carrierUrl: string): { latest(): Promise<OthersCall[]> } {
  let after = 0;
  let kept: OthersCall[] = [];
  return {
    async latest() {
      const url = `${carrierUrl}/control/ledger?after=${after}&limit=${PAGE_MAX}`;
      const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
      const { entries } = (await response.json()) as Page;
      after += entries.length;
      const calls = entries.flatMap(({ callId, reference, from, to }) =>
        callId && reference && from && to ? [{ callId, reference, from, to }] : [],
      );
      kept = [...kept, ...calls].slice(-KEPT);
      return kept;
    },
  };
}
