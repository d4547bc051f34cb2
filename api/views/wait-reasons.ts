/** Why a call is not made, in words. The reasons are those of `batch_prospect` and `wait_reason`. */
const WORDS: Record<string, string> = {
  DRAFT: 'The batch is a draft: submit it.',
  SCHEDULED: 'The batch is about to start.',
  STARTS_LATER: 'The batch has not reached its start.',
  PENDING: 'The batch was retried and is about to run again.',
  PAUSED: 'The batch is paused: resume it.',
  WORKSPACE_STOPPED: 'The emergency stop of the workspace is on.',
  NUMBER_DISABLED: 'The from-number, or its provider account, is disabled.',
  CREDENTIALS_NEEDED:
    'The stored credentials of the provider account cannot be read: PATCH the account with apiKey and webhookSecret.',
  AGENT_DISABLED: 'The agent is disabled.',
  NOT_SENT: 'The last calls could not be sent, and nobody was called: the next one is tried at this time.',
  OUTSIDE_HOURS: 'It is outside the hours in which calling is allowed.',
  WORKSPACE_LIMIT: 'Every slot of the workspace has a call.',
  NUMBER_LIMIT: 'Every slot of the from-number has a call.',
  BATCH_LIMIT: 'Every slot of the batch has a call.',
  FAIR_SHARE: 'Other batches have their share of the slots; the next slot that is free comes round to this one.',
  PACE: 'As many calls as are allowed have started in this second.',
  NUMBER_BACKOFF:
    'The provider refused a call from the from-number for lack of capacity: it has fewer calls for a while.',
  NOT_DUE: 'The next call is due later.',
  BATCH_ENDED:
    'The batch ends before the next call may start: who waits fails then. Give it another end, or none, to go on.',
  NEVER_OPEN:
    'No call is ever allowed: the time zone is unknown, or its hours and those of the batch have no time in common within 400 days. Give the recipient a time zone, or change the hours of the batch; else it is settled when all others are.',
  CALLS_IN_PROGRESS: 'The last calls are in progress.',
  ROWS_OUTSTANDING: 'Recipients are still being added.',
  SETTLED: 'Every recipient is settled; the batch is about to be completed.',
  RETRY_OUTSTANDING: 'The batch was retried; this recipient is about to be put back.',
  NOT_BEFORE: 'The recipient may not be called before this time.',
  EXPIRES: 'Its last time comes before the next call may start: it fails then. Give it a later notAfter, or none.',
  RETRY: 'It was called already and is called again at this time.',
  NUMBER_IN_CALL: 'The number is in another call.',
  PROVIDER_REFUSED: 'The provider takes no calls at the moment.',
  FREQUENCY_CAP: 'The number has been called as often as is allowed in 24 hours.',
  CONFIRMING_ABSENCE:
    'Nobody knew whether a call was placed. The provider knows none; it is asked once more before the next call.',
  SUPPRESSED: 'The number is on the suppression list: it is not called.',
  READY: 'A call can start now.',
  COMPLETED: 'The batch is completed: every recipient is settled.',
  CANCELLED: 'The batch is cancelled: retry it to call those who were not reached.',
  FAILED: 'The batch can never start; its status reason says why.',
};

export type Wait = { reason: string; until: string | null; message: string };

export function describeWait(reason: string, until: Date | null): Wait {
  const message = WORDS[reason] ?? `${reason.charAt(0)}${reason.slice(1).toLowerCase().replaceAll('_', ' ')}.`;
  return { reason, until: until?.toISOString() ?? null, message };
}
