import { createWriteStream, type WriteStream } from 'node:fs';
import { ledgerEntryOf, type CallRecord, type LedgerEntry, type RequestRecord } from './request-record.js';

/** Everything that was asked of the carrier, oldest first. */
export type Ledger = {
  add(record: RequestRecord): void;
  /** Nothing more will happen to it: it is written to the file, and may be forgotten. */
  close(record: RequestRecord): void;
  callById(callId: string): CallRecord | undefined;
  callsByReference(reference: string): readonly CallRecord[];
  /** Entries after position `after`; positions count from 0 since the last clear and survive forgetting. */
  page(after: number, limit: number): { entries: LedgerEntry[]; next: number | null };
  entries(): Iterable<LedgerEntry>;
  /** References that more than one call was accepted for: somebody was rung twice. */
  referencesTwice(): string[];
  clear(): void;
  stop(): Promise<void>;
};

type LedgerOptions = { file: string | null; requestsKeptMax: () => number };

/**
 * Kept in memory up to `requestsKeptMax` records; beyond it the oldest go, if they are closed. With a file, every record
 * is appended as one line of JSON once it is closed, and the open ones when the carrier stops.
 */
export function createLedger({ file, requestsKeptMax }: LedgerOptions): Ledger {
  const stream: WriteStream | null = file === null ? null : createWriteStream(file, { flags: 'a' });
  /** By position. A Map keeps insertion order, so the first key is the oldest. */
  const records = new Map<number, RequestRecord>();
  const open = new Set<RequestRecord>();
  const byId = new Map<string, CallRecord>();
  const byReference = new Map<string, CallRecord[]>();
  const twice = new Set<string>();
  let nextPosition = 0;

  function index(call: CallRecord): void {
    byId.set(call.callId, call);
    const same = byReference.get(call.request.reference);
    if (!same) byReference.set(call.request.reference, [call]);
    else if (same.push(call) > 1) twice.add(call.request.reference);
  }

  function forgetOldest(): void {
    while (records.size > requestsKeptMax()) {
      const [position, record] = records.entries().next().value as [number, RequestRecord]; // size is above 0
      if (open.has(record)) return;
      records.delete(position);
      if (!record.call) continue;
      byId.delete(record.call.callId);
      byReference.delete(record.call.request.reference);
    }
  }

  function write(record: RequestRecord): void {
    stream?.write(`${JSON.stringify(ledgerEntryOf(record))}\n`);
  }

  return {
    add(record) {
      records.set(nextPosition++, record);
      open.add(record);
      if (record.call) index(record.call);
      forgetOldest();
    },
    close(record) {
      if (open.delete(record)) write(record);
    },
    callById: (callId) => byId.get(callId),
    callsByReference: (reference) => byReference.get(reference) ?? [],
    page(after, limit) {
      const oldest = records.keys().next().value ?? nextPosition;
      const entries: LedgerEntry[] = [];
      let position = Math.max(after, oldest);
      for (; position < nextPosition && entries.length < limit; position++) {
        const record = records.get(position);
        if (record) entries.push(ledgerEntryOf(record));
      }
      return { entries, next: position < nextPosition ? position : null };
    },
    *entries() {
      for (const record of records.values()) yield ledgerEntryOf(record);
    },
    referencesTwice: () => [...twice],
    clear() {
      for (const known of [records, open, byId, byReference, twice]) known.clear();
      nextPosition = 0;
    },
    async stop() {
      for (const record of open) write(record);
      open.clear();
      if (stream) await new Promise<void>((resolve) => stream.end(resolve));
    },
  };
}
