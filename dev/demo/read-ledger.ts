import type { CarrierCall } from './check-promises.js';

type LedgerLine = {
  callId: string | null;
  reference: string | null;
  to: string | null;
  receivedAt: string;
  endedAt: string | null;
  outcome: string | null;
};

const TIMEOUT_MS = 30_000;

/** Every call that the simulated carrier accepted, from its ledger. */
export async function readLedger(carrierUrl: string): Promise<CarrierCall[]> {
  const response = await fetch(`${carrierUrl}/control/ledger.ndjson`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  const lines = (await response.text()).split('\n').filter((line) => line !== '');
  return lines
    .map((line) => JSON.parse(line) as LedgerLine) // the carrier's own form: carrier/request-record.ts
    .filter((line) => line.callId !== null)
    .map((line) => ({
      reference: line.reference ?? '',
      to: line.to ?? '',
      acceptedAtMs: Date.parse(line.receivedAt),
      endedAtMs: line.endedAt === null ? null : Date.parse(line.endedAt),
      outcome: line.outcome,
    }));
}
