/** One call that the carrier accepted, from its ledger. Instants are UTC milliseconds on the carrier's clock. */
export type CarrierCall = {
  reference: string;
  to: string;
  acceptedAtMs: number;
  endedAtMs: number | null;
  outcome: string | null;
};

/** One recipient as the API shows it in the end. */
export type RecipientResult = { id: string; phone: string; status: string; attempts: AttemptResult[] };
export type AttemptResult = { id: string; state: string; outcome: string | null };

export type Evidence = {
  calls: CarrierCall[];
  recipients: RecipientResult[];
  concurrencyLimit: number;
  /** Whether calling was allowed at an instant: the window as the person wrote it. */
  isAllowedAt: (instantMs: number) => boolean;
  /** From the answer to a pause until the resume was asked for. */
  pauses: { fromMs: number; untilMs: number }[];
};

/** A request belongs to the instant of its DIALING commit and leaves within this; the carrier sees it a little later. */
const DIAL_BUDGET_MS = 250;
const TERMINAL = ['COMPLETED', 'NO_ANSWER', 'FAILED', 'CANCELLED', 'SUPPRESSED', 'UNCERTAIN'];
const NEVER_SENT = ['RELEASED', 'NOT_PLACED'];
const STATUS_BY_OUTCOME: Record<string, string> = {
  ANSWERED: 'COMPLETED',
  VOICEMAIL: 'NO_ANSWER',
  NO_ANSWER: 'NO_ANSWER',
  BUSY: 'NO_ANSWER',
  DECLINED: 'NO_ANSWER',
};

/**
 * Compares what the carrier saw with what Dialwright says, promise by promise. Shares no rule with the product.
 * @returns one sentence per broken promise; empty when all were kept.
 */
export function checkPromises(evidence: Evidence): string[] {
  return [...checkNeverTwice(evidence), ...checkNeverLost(evidence), ...checkHours(evidence), ...checkLimit(evidence)];
}

function checkNeverTwice({ calls, recipients }: Evidence): string[] {
  const problems = [...groupBy(calls, (call) => call.reference)]
    .filter(([, same]) => same.length > 1)
    .map(([reference, same]) => `Called twice: attempt ${reference} has ${same.length} calls at the carrier`);
  const attemptsByPhone = new Map<string, number>();
  for (const { phone, attempts } of recipients) {
    const sent = attempts.filter((attempt) => !NEVER_SENT.includes(attempt.state)).length;
    attemptsByPhone.set(phone, (attemptsByPhone.get(phone) ?? 0) + sent);
  }
  for (const [to, same] of groupBy(calls, (call) => call.to)) {
    const attempts = attemptsByPhone.get(to) ?? 0;
    if (same.length > attempts)
      problems.push(`Called too often: ${to} was called ${same.length} times in ${attempts} attempts`);
  }
  return problems;
}

function checkNeverLost({ calls, recipients }: Evidence): string[] {
  const callOf = new Map(calls.map((call) => [call.reference, call]));
  const known = new Set(recipients.flatMap((recipient) => recipient.attempts.map((attempt) => attempt.id)));
  const problems = calls
    .filter((call) => !known.has(call.reference))
    .map((call) => `Lost: the carrier called ${call.to} for an attempt that no recipient has (${call.reference})`);
  for (const { id, status, attempts } of recipients) {
    if (!TERMINAL.includes(status)) problems.push(`Lost: recipient ${id} was left ${status}`);
    const last = attempts.findLast((attempt) => !NEVER_SENT.includes(attempt.state));
    if (!last && ['COMPLETED', 'NO_ANSWER'].includes(status))
      problems.push(`Lost: recipient ${id} is ${status} but was never called`);
    const outcome = last && callOf.get(last.id)?.outcome;
    const expected = outcome && (STATUS_BY_OUTCOME[outcome] ?? 'FAILED');
    if (expected && expected !== status)
      problems.push(`Wrong result: recipient ${id} is ${status}, but its call ended ${outcome}`);
    if (last?.state === 'ENDED' && last.outcome === 'ANSWERED' && !callOf.has(last.id))
      problems.push(`Lost: attempt ${last.id} is said to be answered, but the carrier has no such call`);
  }
  return problems;
}

function checkHours({ calls, isAllowedAt, pauses }: Evidence): string[] {
  const outside = calls.filter(
    (call) => !isAllowedAt(call.acceptedAtMs) && !isAllowedAt(call.acceptedAtMs - DIAL_BUDGET_MS),
  );
  const paused = calls.filter((call) =>
    pauses.some(({ fromMs, untilMs }) => call.acceptedAtMs > fromMs + DIAL_BUDGET_MS && call.acceptedAtMs < untilMs),
  );
  return [
    ...outside.map(
      (call) => `Outside the hours: ${call.to} was called at ${new Date(call.acceptedAtMs).toISOString()}`,
    ),
    ...paused.map((call) => `While paused: ${call.to} was called at ${new Date(call.acceptedAtMs).toISOString()}`),
  ];
}

function checkLimit({ calls, concurrencyLimit }: Evidence): string[] {
  const changes = calls.flatMap((call) => [
    { atMs: call.acceptedAtMs, by: 1 },
    { atMs: call.endedAtMs ?? Infinity, by: -1 },
  ]);
  changes.sort((a, b) => a.atMs - b.atMs || a.by - b.by);
  let live = 0;
  let peak = 0;
  for (const { by } of changes) peak = Math.max(peak, (live += by));
  return peak > concurrencyLimit
    ? [`Over the limit: ${peak} calls were live at once; ${concurrencyLimit} are allowed`]
    : [];
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
