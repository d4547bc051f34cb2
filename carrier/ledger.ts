import { createWriteStream, openSync, type WriteStream } from 'node:fs';
import { createCallIndex } from './call-index.js';
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
  /** Resolves when no record is open: every call has ended and every event is told or given up. */
  whenAllClosed(): Promise<void>;
  clear(): void;
  stop(): Promise<void>;
};

type LedgerOptions = { file: string | null; requestsKeptMax: () => number };

/**
 * Kept in memory up to `requestsKeptMax` records; beyond it the oldest go, if they are closed. With a file, every record
 * is appended as one line of JSON once it is closed, and the open ones when the carrier stops.
 */
export function createLedger({ file, requestsKeptMax }: LedgerOptions): Ledger {
  const stream: WriteStream | null = file === null ? null : createWriteStream(file, { fd: openSync(file, 'a') });
  /** By position. A Map keeps insertion order, so the first key is the oldest. */
  const records = new Map<number, RequestRecord>();
  const open = new Set<RequestRecord>();
  const calls = createCallIndex();
  let waiters: (() => void)[] = [];
  let nextPosition = 0;

  function forgetOldest(): void {
    while (records.size > requestsKeptMax()) {
      const [position, record] = records.entries().next().value as [number, RequestRecord]; // size is above 0
      if (open.has(record)) return;
      records.delete(position);
      if (record.call) calls.remove(record.call);
    }
  }

  function tellWaiters(): void {
    if (open.size > 0) return;
    for (const resolve of waiters) resolve();
    waiters = [];
  }

  function write(record: RequestRecord): void {
    stream?.write(`${JSON.stringify(ledgerEntryOf(record))}\n`);
  }

  return {
    add(record) {
      records.set(nextPosition++, record);
      open.add(record);
      if (record.call) calls.add(record.call);
      forgetOldest();
    },
    close(record) {
      if (!open.delete(record)) return;
      write(record);
      tellWaiters();
    },
    callById: calls.withId,
    callsByReference: calls.withReference,
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
    referencesTwice: calls.referencesTwice,
    whenAllClosed: () => (open.size === 0 ? Promise.resolve() : new Promise((resolve) => void waiters.push(resolve))),
    clear() {
      for (const known of [records, open, calls]) known.clear();
      nextPosition = 0;
      tellWaiters();
    },
    async stop() {
      for (const record of open) write(record);
      open.clear();
      if (stream) await new Promise<void>((resolve) => stream.end(resolve));
    },
  };
}
