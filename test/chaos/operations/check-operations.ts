import { checkForged, checkNeverLost, checkNeverTwice, checkResults, spentInOrder } from '../check-evidence.js';
import { checkLimit, checkPace, DIAL_BUDGET_MS } from '../check-instants.js';
import { callsOf, type Call, type Evidence } from '../evidence.js';
import { groupBy } from '../group-by.js';
import type { OperationsEvidence, SideBatch } from './story.js';

const WORKSPACE_CHECKS = [checkNeverTwice, checkNeverLost, checkResults, checkForged, checkPace, checkLimit];
/** A batch retry never calls again who ended like this. */
const FINAL_OUTCOMES: (string | undefined)[] = ['ANSWERED', 'INVALID_NUMBER'];

/**
 * Compares what the carrier saw with what the database says of all batches of the workspace together, and of each side
 * batch with what its operations were answered. Shares no code with what it checks.
 * @returns one sentence per broken promise; empty when all were kept.
 */
export function checkOperations(evidence: OperationsEvidence): string[] {
  const all = workspaceEvidence(evidence);
  const calls = callsOf(evidence.ledger);
  return [
    ...WORKSPACE_CHECKS.flatMap((check) => check(all)),
    ...evidence.sides.flatMap((side) => [
      ...checkEnd(side),
      ...checkForbidden(side, calls),
      ...checkAllowance(side, calls),
      ...checkAnswers(side),
      ...checkKey(side, calls),
    ]),
  ];
}

/** All batches as one: what holds for the workspace. Hours and retries are each batch's own. */
function workspaceEvidence({ main, ledger, sides }: OperationsEvidence): Evidence {
  return {
    rules: {
      ...{ ...main.rules, retries: {}, closings: [], pauses: [] },
      phones: [...main.rules.phones, ...sides.flatMap((side) => side.phones)],
    },
    batchStatus: main.batchStatus,
    ledger,
    recipients: [...main.recipients, ...sides.flatMap((side) => side.recipients)],
    attempts: [...main.attempts, ...sides.flatMap((side) => side.attempts)],
  };
}

/** A batch that was cancelled, and then had nobody to be called again, stays so. */
function checkEnd({ pair, batchId, status, answers }: SideBatch): string[] {
  const hasNobodyLeft = answers.some(
    ({ request, answered }) => request === 'last retry' && answered.code === 'nothing_to_retry',
  );
  return status === 'COMPLETED' || (status === 'CANCELLED' && hasNobodyLeft)
    ? []
    : [`Lost: ${batchId} (${pair}) was left ${status}`];
}

function checkForbidden({ pair, forbidden, attempts }: SideBatch, calls: readonly Call[]): string[] {
  const ids = new Set(attempts.map(({ id }) => id));
  const own = calls.filter(({ reference }) => ids.has(reference));
  return forbidden.flatMap(({ fromMs, untilMs, why }) => {
    const claimed = attempts.filter(({ dialingAtMs }) => dialingAtMs >= fromMs && dialingAtMs < untilMs);
    const late = own.filter((call) => call.receivedAtMs >= fromMs + DIAL_BUDGET_MS && call.receivedAtMs < untilMs);
    return [
      ...claimed.map(
        ({ id, dialingAtMs }) => `Forbidden: ${id} (${pair}) was claimed at ${isoOf(dialingAtMs)}: ${why}`,
      ),
      ...late.map(({ to, receivedAtMs }) => `Forbidden: ${to} (${pair}) was called at ${isoOf(receivedAtMs)}: ${why}`),
    ];
  });
}

/** Each batch retry that was granted is a fresh allowance, for those only who may be called again, and for all of them. */
function checkAllowance(side: SideBatch, calls: readonly Call[]): string[] {
  const { retriesGranted, lastRetryMs, retryPolicy, recipients, attempts } = side;
  const outcomeOf = new Map(calls.map((call) => [call.reference, call.outcome ?? undefined]));
  const attemptsOf = groupBy(attempts, (attempt) => attempt.recipientId);
  const most = Math.max(1, ...Object.values(retryPolicy).map((rule) => rule.attempts)) * (1 + retriesGranted);
  return recipients.flatMap(({ id, attemptsSpent }) => {
    const spent = spentInOrder(attemptsOf.get(id));
    const problems =
      spent.length > most
        ? [`Retried too often: recipient ${id} has spent ${spent.length} attempts, but was granted ${most}`]
        : [];
    for (const [index, attempt] of spent.entries()) {
      const outcome = outcomeOf.get(attempt.id);
      if (index + 1 < spent.length && FINAL_OUTCOMES.includes(outcome))
        problems.push(`Retried too often: recipient ${id} was called again after ${outcome}`);
    }
    // A batch retry begins a new count.
    if (retriesGranted === 0 && spent.length !== attemptsSpent)
      problems.push(`Miscounted: recipient ${id} has spent ${spent.length} attempts, but ${attemptsSpent} are counted`);
    if (lastRetryMs === null) return problems;
    const before = spent.filter(({ dialingAtMs }) => dialingAtMs < lastRetryMs).at(-1);
    const mayBeCalled = !before || !FINAL_OUTCOMES.includes(outcomeOf.get(before.id));
    if (mayBeCalled && spent.at(-1) === before) problems.push(`Not retried: recipient ${id} was not called again`);
    return problems;
  });
}

function checkAnswers({ pair, answers }: SideBatch): string[] {
  return answers
    .filter(({ answered, mayBeRefused }) => !isTaken(answered.status) && !isRefused(answered, mayBeRefused))
    .map(({ request, answered }) => `Not answered: ${request} (${pair}) got ${answered.status} ${answered.code}`);
}

/** While a call is live its attempt is open, and what another account knows of it is no evidence. */
function checkKey({ keyChange }: SideBatch, calls: readonly Call[]): string[] {
  if (keyChange?.account !== 'other' || !isTaken(keyChange.status)) return [];
  const open = liveThroughout(calls, keyChange);
  return open
    ? [
        `Wrong key: that of another account was taken at ${isoOf(keyChange.answeredMs)} while ${open.reference} was open`,
      ]
    : [];
}

/** A call that was live from before a request until after its answer. */
export function liveThroughout(
  calls: readonly Call[],
  { askedMs, answeredMs }: { askedMs: number; answeredMs: number },
): Call | undefined {
  return calls.find((call) => call.receivedAtMs < askedMs && (call.endedAtMs ?? Infinity) > answeredMs);
}

function isTaken(status: number): boolean {
  return status >= 200 && status < 300;
}

function isRefused({ status, code }: { status: number; code: string | null }, codes: readonly string[]): boolean {
  return status === 409 && code !== null && codes.includes(code);
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
