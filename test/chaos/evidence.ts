/** One request to place a call, as the carrier's ledger has it. Instants are UTC milliseconds on the carrier's clock. */
export type LedgerLine = {
  /** Null when no call was accepted. */
  callId: string | null;
  reference: string | null;
  to: string | null;
  receivedAtMs: number;
  /** Null when the socket was dropped instead. */
  answeredStatus: number | null;
  endedAtMs: number | null;
  outcome: string | null;
  webhooks: LedgerWebhook[];
};

export type LedgerWebhook = {
  /** `forged` is the one with a lie in it. */
  event: string;
  /** 0 when it was lost on purpose. */
  attempts: number;
  deliveredAtMs: number | null;
  lastStatus: number | null;
};

/** Rows of the database. Ids are in the form in which the carrier gets them. */
export type RecipientRow = { id: string; phone: string; state: string; attemptsSpent: number };
export type AttemptRow = {
  id: string;
  recipientId: string;
  number: number;
  state: string;
  outcome: string | null;
  spendsAttempt: boolean;
  slotHeld: boolean;
  dialingAtMs: number;
};

export type Span = { fromMs: number; untilMs: number };

/** What was asked of Dialwright, as the person who asked knows it. */
export type Rules = {
  /** Every number that was uploaded, as often as it was. */
  phones: readonly string[];
  concurrencyLimit: number;
  callsPerSecond: number | null;
  /** By the outcome that is called again: how many attempts in all, and how long after the end of the one before. */
  retries: Readonly<Record<string, { attempts: number; delayMs: number }>>;
  /** When the window was closed. */
  closings: readonly Span[];
  /** From the answer to a pause until the resume was asked for. */
  pauses: readonly Span[];
};

export type Evidence = {
  rules: Rules;
  batchStatus: string;
  ledger: readonly LedgerLine[];
  recipients: readonly RecipientRow[];
  attempts: readonly AttemptRow[];
};

/** An accepted call. */
export type Call = LedgerLine & { callId: string; reference: string; to: string };

export function callsOf(ledger: readonly LedgerLine[]): Call[] {
  return ledger
    .filter((line) => line.callId !== null)
    .map((line) => ({ ...line, callId: line.callId ?? '', reference: line.reference ?? '', to: line.to ?? '' }));
}
