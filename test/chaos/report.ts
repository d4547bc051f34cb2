import { mostAtOnce, mostInOneSecond } from './check-instants.js';
import { callsOf, type Evidence } from './evidence.js';
import type { Part, Plan } from './plan.js';

/** How often each fault struck and each part was killed. */
export type Struck = { faults: Record<string, number>; kills: Record<Part, number> };

/** A run in which something did not happen proves nothing about it. @returns one sentence for each such thing. */
export function findUntried({ struckMin, profile }: Plan, { faults, kills }: Struck, evidence: Evidence): string[] {
  const few = Object.entries(faults).filter(([, times]) => times < struckMin);
  const spared = Object.entries(kills).filter(([, times]) => times < profile.killsOfEach);
  return [
    ...few.map(([fault, times]) => `Not tried: "${fault}" struck ${times} times; at least ${struckMin} are needed`),
    ...spared.map(([part, times]) => `Not tried: ${part} was killed ${times} times; ${profile.killsOfEach} are needed`),
    ...findUnusedSpans(evidence),
  ];
}

function findUnusedSpans({ rules, ledger }: Evidence): string[] {
  const lastMs = Math.max(...ledger.map((line) => line.receivedAtMs));
  return [...rules.closings, ...rules.pauses]
    .filter(({ untilMs }) => lastMs < untilMs)
    .map(
      ({ fromMs }) =>
        `Not tried: nothing was left to call when calling was forbidden from ${new Date(fromMs).toISOString()}`,
    );
}

/** Names and values, as they are printed. */
export function tableOf(evidence: Evidence, { faults, kills }: Struck): [string, string][] {
  const { rules, ledger, recipients, attempts } = evidence;
  const calls = callsOf(ledger);
  const count = (state: string): number => attempts.filter((attempt) => attempt.state === state).length;
  const claims = mostInOneSecond(attempts.map((attempt) => attempt.dialingAtMs));
  return [
    ['recipients', String(recipients.length)],
    ['attempts', `${attempts.length}, of which ${count('RELEASED')} not sent, ${count('NOT_PLACED')} proven absent`],
    ['calls accepted', String(calls.length)],
    ['most calls live at once', `${mostAtOnce(calls)} of ${rules.concurrencyLimit}`],
    ['most claims in a second', `${claims} of ${rules.callsPerSecond}`],
    ['most arrivals in a second', String(mostInOneSecond(ledger.map((line) => line.receivedAtMs)))],
    ...Object.entries(kills).map(([part, times]): [string, string] => [`kill -9 ${part}`, String(times)]),
    ...Object.entries(faults).map(([fault, times]): [string, string] => [fault, String(times)]),
  ];
}
