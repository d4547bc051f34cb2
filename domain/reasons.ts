/** What a reason can point to: where a person goes to change it. */
export type BlockingThing = 'workspace' | 'batch' | 'phoneNumber' | 'providerAccount' | 'agent';

export type Reason = {
  /** Why a call is not made, for people. */
  says: string;
  /** The same in Temporal's UI, where its reader can do something else about it. */
  saysInTemporal?: string;
  /** What an operator can do: the table of docs/runbook.md. */
  advice: string;
  /**
   * What the lanes of a batch do that has this reason. `dial`: an event, or a short time, changes it, and they wait for that in
   * their worker. `watch`: one lane waits for the event, unless a time is known. `home`: none waits, the run looks again.
   * Left out where a batch never has it.
   */
  lanes?: 'dial' | 'watch' | 'home';
  /** Nobody in the batch can be called, whoever is due. */
  stopsEverybody?: true;
  /** What has to change. */
  blockedBy?: BlockingThing;
};

const NOTHING = 'Nothing: it goes on by itself';
const ADVICE_ENABLE = 'Enable it, or lift the stop: the batch goes on by itself';

/**
 * Every reason for which a call is not made now, once. Those of a batch come from `batch_prospect` and `claim_calls`, those of
 * a recipient from `recipient_states.wait_reason` and what its row and batch say.
 */
export const REASONS = {
  READY: {
    says: 'A call can start now.',
    advice: 'Calls could start. If none does: see "The workflow does not answer"',
    lanes: 'dial',
  },

  // The status of the batch.
  DRAFT: { says: 'The batch is a draft: submit it.', advice: 'Submit it', lanes: 'home', blockedBy: 'batch' },
  SCHEDULED: { says: 'The batch is about to start.', advice: NOTHING, lanes: 'home' },
  STARTS_LATER: {
    says: 'The batch has not reached its start.',
    advice: 'Nothing: it goes on at the time shown. Is the time zone the one you meant?',
    lanes: 'home',
    blockedBy: 'batch',
  },
  PENDING: { says: 'The batch was retried and is about to run again.', advice: NOTHING, lanes: 'home' },
  PAUSED: {
    says: 'The batch is paused: resume it.',
    saysInTemporal: 'Paused. Resume it with the API, or with the signal `resume`.',
    advice: 'Resume it; `statusChange` says who paused it and when, `statusReason` why it paused by itself',
    lanes: 'home',
    blockedBy: 'batch',
  },
  COMPLETED: {
    says: 'The batch is completed: every recipient is settled.',
    advice: 'Nothing: it is over',
    lanes: 'home',
  },
  CANCELLED: {
    says: 'The batch is cancelled: retry it to call those who were not reached.',
    advice: 'Retry it, if those who were not reached are to be called',
    lanes: 'home',
    blockedBy: 'batch',
  },
  FAILED: {
    says: 'The batch can never start; its status reason says why.',
    advice: '`statusReason` says why. Mend that, then retry it',
    lanes: 'home',
    blockedBy: 'batch',
  },

  // What stops everybody.
  WORKSPACE_STOPPED: {
    says: 'The emergency stop of the workspace is on.',
    advice: ADVICE_ENABLE,
    lanes: 'home',
    stopsEverybody: true,
    blockedBy: 'workspace',
  },
  NUMBER_DISABLED: {
    says: 'The from-number, or its provider account, is disabled.',
    advice: ADVICE_ENABLE,
    lanes: 'home',
    stopsEverybody: true,
    blockedBy: 'phoneNumber',
  },
  AGENT_DISABLED: {
    says: 'The agent is disabled.',
    advice: ADVICE_ENABLE,
    lanes: 'home',
    stopsEverybody: true,
    blockedBy: 'agent',
  },
  CREDENTIALS_NEEDED: {
    says: 'The stored credentials of the provider account cannot be read: PATCH the account with its credentials, all of them.',
    advice: "The account's stored credentials cannot be read: PATCH it with its `credentials`, all of them",
    lanes: 'home',
    stopsEverybody: true,
    blockedBy: 'providerAccount',
  },
  OUTSIDE_HOURS: {
    says: 'It is outside the hours in which calling is allowed.',
    advice: 'Nothing: it goes on at the time shown. Is the time zone the one you meant?',
    lanes: 'home',
    stopsEverybody: true,
    blockedBy: 'batch',
  },
  BATCH_ENDED: {
    says: 'The batch ends before the next call may start: who waits fails then. Give it another end, or none, to go on.',
    advice:
      'The end of the batch comes before the next call may start, and those who wait fail then: PATCH the batch with another `end`, or `null`. After it: retry with another `end`',
    lanes: 'home',
    stopsEverybody: true,
    blockedBy: 'batch',
  },

  // Limits, and what lasts a moment.
  WORKSPACE_LIMIT: {
    says: 'Every slot of the workspace has a call.',
    advice: 'Calls are live, or attempts are `UNCERTAIN` and hold their slots: see below',
    lanes: 'dial',
    blockedBy: 'workspace',
  },
  NUMBER_LIMIT: {
    says: 'Every slot of the from-number has a call.',
    advice: 'Calls are live, or attempts are `UNCERTAIN` and hold their slots: see below',
    lanes: 'dial',
    blockedBy: 'phoneNumber',
  },
  BATCH_LIMIT: {
    says: 'Every slot of the batch has a call.',
    advice: 'Calls are live, or attempts are `UNCERTAIN` and hold their slots: see below',
    lanes: 'dial',
    blockedBy: 'batch',
  },
  FAIR_SHARE: {
    says: 'Other batches have their share of the slots; the next slot that is free comes round to this one.',
    advice: 'Nothing: the rate, or the turn of another batch; the next call starts in a moment',
    lanes: 'dial',
    blockedBy: 'workspace',
  },
  PACE: {
    says: 'As many calls as are allowed have started in this second.',
    advice: 'Nothing: the rate, or the turn of another batch; the next call starts in a moment',
    lanes: 'dial',
  },
  NUMBER_BACKOFF: {
    says: 'The provider refused a call from the from-number for lack of capacity: it has fewer calls for a while.',
    advice:
      "The provider refused calls for lack of capacity. The number pauses, then has a ceiling of live calls that rises by itself (`callCeiling` of the number). Is the provider's concurrency lower than yours? Set `concurrency` of the number to it, and nothing is refused",
    lanes: 'dial',
    blockedBy: 'phoneNumber',
  },
  NOT_SENT: {
    says: 'The last calls could not be sent, and nobody was called: the next one is tried at this time.',
    advice:
      'The last calls could not leave the worker, which waits a little; its log says why ("a call could not be sent"). It pauses by itself when that goes on. Does the account show `notAllowed`? Name its host in `DIALWRIGHT_EGRESS_HOSTS`, or use another account',
    lanes: 'dial',
    blockedBy: 'providerAccount',
  },

  // Nobody is due.
  NOT_DUE: {
    says: 'The next call is due later.',
    saysInTemporal:
      'Recipients wait for their time: a retry, a number that is in another call, or proof that a call was not placed.',
    advice:
      'Recipients wait for a time: a retry, a number in another call or called too often, proof that a call was not placed',
    lanes: 'watch',
  },
  ROWS_OUTSTANDING: { says: 'Recipients are still being added.', advice: NOTHING, lanes: 'watch' },
  CALLS_IN_PROGRESS: {
    says: 'The last calls are in progress.',
    advice: 'Everybody was called; the last calls have not ended',
    lanes: 'dial',
  },
  NEVER_OPEN: {
    says: 'No call is ever allowed: the time zone is unknown, or its hours and those of the batch have no time in common within 400 days. Give the recipient a time zone, or change the hours of the batch; else it is settled when all others are.',
    advice:
      'The hours of those that are left never open, so they are about to fail. Before that: give each a time zone (`PATCH /v1/recipients/rcp_…`), or change the hours. After it: `POST /v1/batches/bat_…/retry` with other hours, or duplicate the batch and give them their zones in the draft',
    lanes: 'home',
    blockedBy: 'batch',
  },
  SETTLED: {
    says: 'Every recipient is settled; the batch is about to be completed.',
    advice: NOTHING,
    lanes: 'home',
  },

  // Of one recipient.
  RETRY_OUTSTANDING: { says: 'The batch was retried; this recipient is about to be put back.', advice: NOTHING },
  NOT_BEFORE: {
    says: 'The recipient may not be called before this time.',
    advice: 'Nothing, or give it another `notBefore`',
  },
  EXPIRES: {
    says: 'Its last time comes before the next call may start: it fails then. Give it a later notAfter, or none.',
    advice: 'Give it a later `notAfter`, or none',
  },
  RETRY: { says: 'It was called already and is called again at this time.', advice: NOTHING },
  NUMBER_IN_CALL: { says: 'The number is in another call.', advice: NOTHING },
  PROVIDER_REFUSED: {
    says: 'The provider takes no calls at the moment.',
    advice: 'See the capacity, the credit and the permissions of the provider account',
    blockedBy: 'providerAccount',
  },
  FREQUENCY_CAP: {
    says: 'The number has been called as often as is allowed in 24 hours.',
    advice: 'Nothing, or give the workspace another `frequencyCap`',
    blockedBy: 'workspace',
  },
  CONFIRMING_ABSENCE: {
    says: 'Nobody knew whether a call was placed. The provider knows none; it is asked once more before the next call.',
    advice: NOTHING,
  },
  SUPPRESSED: {
    says: 'The number is on the suppression list: it is not called.',
    advice: 'Nothing; take it off the list only if its owner agrees',
    blockedBy: 'workspace',
  },
} as const satisfies Record<string, Reason>;
export type ReasonName = keyof typeof REASONS;

/** @returns null for a word that is none of ours: another release may have written it */
export function reasonOf(name: string): Reason | null {
  return Object.hasOwn(REASONS, name) ? REASONS[name as ReasonName] : null;
}

/** The names whose lanes do this. */
export function reasonsOfLanes(...does: NonNullable<Reason['lanes']>[]): ReasonName[] {
  const all = Object.entries(REASONS) as [ReasonName, Reason][];
  return all.flatMap(([name, { lanes }]) => (lanes && does.includes(lanes) ? [name] : []));
}
