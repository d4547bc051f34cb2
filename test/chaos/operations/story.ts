import type { AttemptRow, Evidence, LedgerLine, RecipientRow, Rules, Span } from '../evidence.js';

export const PAIRS = [
  'edit with submit',
  'retry with cancel',
  'key change with settle',
  'rule packs with create',
] as const;
export type Pair = (typeof PAIRS)[number];

/** While it lasted nobody of the batch might be claimed: from the answers, as they were read back, until it was taken back. */
export type Forbidden = Span & { why: string };

/** What became of one request, its repeats included. */
export type Answered = {
  askedMs: number;
  answeredMs: number;
  status: number;
  /** Of the problem, when it was refused. */
  code: string | null;
};

export type KeyChange = Answered & {
  /** Whether the key is of the account that the calls were placed with. */
  account: 'same' | 'other';
  /** Attempts of the side batch of which nobody knew whether there is a call, just before. */
  inDoubt: number;
};

/** A side batch on which two operations met, as the one who asked for them saw it. */
export type Story = {
  pair: Pair;
  batchId: string;
  phones: readonly string[];
  /** In words, for the table. */
  ended: string;
  /** The two requests were both under way for a while; of a key change: a call was in doubt. */
  isConcurrent: boolean;
  /** What GET showed after both answers forbade to call anybody. */
  isForbidden: boolean;
  /** Kills of parts from the first request to the last. */
  kills: number;
  retryPolicy: Rules['retries'];
  /** Batch retries that were answered 2xx. */
  retriesGranted: number;
  /** When the last of them was asked for; everything had ended by then. */
  lastRetryMs: number | null;
  forbidden: Forbidden[];
  /** Refusals that the documentation names, by request. */
  answers: { request: string; answered: Answered; mayBeRefused: readonly string[] }[];
  keyChange: KeyChange | null;
};

/** What the database and the API say of it in the end. */
export type SideBatch = Story & { status: string; recipients: RecipientRow[]; attempts: AttemptRow[] };

export type OperationsEvidence = {
  /** The main batch alone, and the requests that are no side batch's. */
  main: Evidence;
  /** Of the workspace: all requests. */
  ledger: readonly LedgerLine[];
  sides: readonly SideBatch[];
};
