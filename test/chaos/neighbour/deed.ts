import type { AttemptRow, LedgerLine, RecipientRow, Span } from '../evidence.js';
import type { Answer } from '../../support/misbehave.js';

/** What the neighbour does, and what the answer must be. `taken` may be refused because the installation is busy. */
export const WANTED = {
  search: 'taken',
  upload: 'taken',
  'upload abandoned': 'nothing',
  'worst body': 'refused',
  'bad request': 'refused',
  'request about the other workspace': 'refused',
  'pause or stop of its own': 'taken',
  "suppression of the other's number": 'taken',
  "event of nobody's call": 'taken',
  "event of the other's call": 'taken',
  'event with a wrong signature': 'refused',
  "event to the other's account": 'refused',
} as const satisfies Record<string, 'taken' | 'refused' | 'nothing'>;
export type DeedKind = keyof typeof WANTED;
export const DEED_KINDS = Object.keys(WANTED) as DeedKind[]; // Object.keys knows no keys

/** One request, sent once. */
export type Deed = Answer & { kind: DeedKind; what: string; askedMs: number; answeredMs: number };

/** The neighbour's own batch in the end. */
export type OwnBatch = { batchId: string; status: string; recipients: RecipientRow[]; attempts: AttemptRow[] };

export type NeighbourEvidence = {
  deeds: readonly Deed[];
  /** From the first kill of each until all its parts answered again. */
  kills: readonly Span[];
  /** Numbers of its batches, as often as they were given. */
  phones: readonly string[];
  /** Those that the other workspace calls too. */
  sharedPhones: readonly string[];
  concurrencyLimit: number;
  batches: readonly OwnBatch[];
  /** Of its own carrier. */
  ledger: readonly LedgerLine[];
  /** Events that one account sent and that count for an attempt of another. */
  foreignEventsKept: number;
};

export function isTaken({ status }: Answer): boolean {
  return status !== null && status >= 200 && status < 300;
}

/** Refused because too much is asked at once, or because it no longer applies; nothing is wrong with the request. */
export function isBusy({ status, code, saysWhen }: Answer): boolean {
  return status === 429 || status === 409 || code === 'read_took_too_long' || (status === 503 && saysWhen);
}
