import { checkHours, checkLimit, checkPace } from './check-instants.js';
import { callsOf, type AttemptRow, type Call, type Evidence } from './evidence.js';
import { groupBy } from './group-by.js';

const STATE_BY_OUTCOME: Record<string, string> = {
  ANSWERED: 'COMPLETED',
  VOICEMAIL: 'NO_ANSWER',
  NO_ANSWER: 'NO_ANSWER',
  BUSY: 'NO_ANSWER',
  DECLINED: 'NO_ANSWER',
  INVALID_NUMBER: 'FAILED',
  UNREACHABLE: 'FAILED',
  PROVIDER_ERROR: 'FAILED',
  AGENT_ERROR: 'FAILED',
};

/**
 * Compares what the carrier saw with what the database says, promise by promise. Knows the rules from the person who
 * asked, and shares no code with what it checks.
 * @returns one sentence per broken promise; empty when all were kept.
 */
export function checkEvidence(evidence: Evidence): string[] {
  const checks = [checkNeverTwice, checkNeverLost, checkResults, checkRetries, checkForged];
  return [...checks, checkHours, checkPace, checkLimit].flatMap((check) => check(evidence));
}

export function checkNeverTwice({ ledger, attempts }: Evidence): string[] {
  const calls = callsOf(ledger);
  const attemptOf = new Map(attempts.map((attempt) => [attempt.id, attempt]));
  const problems = [...groupBy(calls, (call) => call.reference)]
    .filter(([, same]) => same.length > 1)
    .map(([reference, same]) => `Called twice: attempt ${reference} has ${same.length} calls at the carrier`);
  const callsByRecipient = groupBy(calls, (call) => attemptOf.get(call.reference)?.recipientId);
  const placedByRecipient = groupBy(attempts.filter(isPlaced), (attempt) => attempt.recipientId);
  for (const [recipient, same] of callsByRecipient) {
    const placed = placedByRecipient.get(recipient ?? '')?.length ?? 0;
    if (recipient !== undefined && same.length > placed)
      problems.push(`Called too often: recipient ${recipient} was called ${same.length} times in ${placed} attempts`);
  }
  return problems;
}

export function checkNeverLost({ batchStatus, rules, ledger, recipients, attempts }: Evidence): string[] {
  const problems = batchStatus === 'COMPLETED' ? [] : [`Lost: the batch was left ${batchStatus}`];
  const uploaded = groupBy(rules.phones, (phone) => phone);
  const kept = groupBy(recipients, (recipient) => recipient.phone);
  for (const phone of new Set([...uploaded.keys(), ...kept.keys()])) {
    const [asked, found] = [uploaded.get(phone)?.length ?? 0, kept.get(phone)?.length ?? 0];
    if (asked !== found) problems.push(`Lost: ${phone} was uploaded ${asked} times, but ${found} recipients have it`);
  }
  const phoneOf = new Map(recipients.map(({ id, phone }) => [id, phone]));
  const recipientOf = new Map(attempts.map((attempt) => [attempt.id, attempt.recipientId]));
  for (const { to, reference } of callsOf(ledger)) {
    const recipient = recipientOf.get(reference);
    if (recipient === undefined) problems.push(`Lost: ${to} was called for ${reference}, which is nobody's attempt`);
    else if (phoneOf.get(recipient) !== to)
      problems.push(`Wrong number: ${to} was called for ${reference}, an attempt of ${phoneOf.get(recipient)}`);
  }
  return problems;
}

/** Every recipient is settled as its last call ended, every attempt as its own, and no slot is held any more. */
export function checkResults({ ledger, recipients, attempts }: Evidence): string[] {
  const callOf = new Map(callsOf(ledger).map((call) => [call.reference, call]));
  const problems = attempts.flatMap((attempt) => attemptProblems(attempt, callOf.get(attempt.id)));
  const attemptsOf = groupBy(attempts, (attempt) => attempt.recipientId);
  for (const { id, state } of recipients) {
    const last = spentInOrder(attemptsOf.get(id)).at(-1);
    const outcome = last && callOf.get(last.id)?.outcome;
    if (!outcome) problems.push(`Lost: recipient ${id} is ${state}, but no call of its last attempt ended`);
    else if (STATE_BY_OUTCOME[outcome] !== state)
      problems.push(`Wrong result: recipient ${id} is ${state}, but its last call ended ${outcome}`);
  }
  return problems;
}

function attemptProblems({ id, state, outcome, slotHeld, spendsAttempt }: AttemptRow, call?: Call): string[] {
  const problems = slotHeld ? [`Slot leaked: attempt ${id} still holds one`] : [];
  if (call && !(state === 'ENDED' && spendsAttempt))
    problems.push(`Wrong result: attempt ${id} is ${state} and spends ${spendsAttempt ? 1 : 0}, but has a call`);
  if (call && state === 'ENDED' && call.outcome !== outcome)
    problems.push(`Wrong result: attempt ${id} ended ${outcome}, but its call ended ${call.outcome}`);
  if (!call && spendsAttempt) problems.push(`Spent for nothing: attempt ${id} is ${state}, but has no call`);
  return problems;
}

function checkRetries({ rules, ledger, recipients, attempts }: Evidence): string[] {
  const callOf = new Map(callsOf(ledger).map((call) => [call.reference, call]));
  const attemptsOf = groupBy(attempts, (attempt) => attempt.recipientId);
  return recipients.flatMap(({ id, attemptsSpent }) => {
    const spent = spentInOrder(attemptsOf.get(id));
    const problems =
      spent.length === attemptsSpent
        ? []
        : [`Miscounted: recipient ${id} has spent ${spent.length} attempts, but ${attemptsSpent} are counted`];
    spent.forEach((attempt, index) => {
      const call = callOf.get(attempt.id);
      const { attempts: allowed, delayMs } = rules.retries[call?.outcome ?? ''] ?? { attempts: 1, delayMs: 0 };
      const next = spent[index + 1];
      if (next && index + 1 >= allowed)
        problems.push(`Retried too often: recipient ${id} was called again after ${call?.outcome} number ${index + 1}`);
      if (!next && call?.outcome && index + 1 < allowed)
        problems.push(`Not retried: recipient ${id} was not called again after ${call.outcome} number ${index + 1}`);
      if (next && call && next.dialingAtMs - (call.endedAtMs ?? Infinity) < delayMs)
        problems.push(`Retried too soon: recipient ${id} was called again less than ${delayMs} ms after its call`);
    });
    return problems;
  });
}

export function checkForged({ ledger }: Evidence): string[] {
  return callsOf(ledger)
    .filter((call) => call.webhooks.some((sent) => sent.event === 'forged' && isSuccess(sent.lastStatus)))
    .map((call) => `Forged: an event of call ${call.callId} with a wrong signature was accepted`);
}

/** RELEASED and NOT_PLACED say that there was no call; so does an attempt that spends nothing. */
function isPlaced({ state, spendsAttempt }: AttemptRow): boolean {
  return spendsAttempt && state !== 'RELEASED' && state !== 'NOT_PLACED';
}

/** Attempts of one recipient. */
export function spentInOrder(attempts: readonly AttemptRow[] = []): AttemptRow[] {
  return attempts.filter((attempt) => attempt.spendsAttempt).sort((a, b) => a.number - b.number);
}

function isSuccess(status: number | null): boolean {
  return status !== null && status >= 200 && status < 300;
}
