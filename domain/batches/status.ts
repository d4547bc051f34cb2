/** The states of a batch and the only table of what is allowed when; API, store and docs derive from it. */
export const BATCH_STATUSES = [
  'DRAFT',
  'SCHEDULED',
  'PENDING',
  'RUNNING',
  'PAUSED',
  'COMPLETED',
  'CANCELLED',
  'FAILED',
] as const;
export type BatchStatus = (typeof BATCH_STATUSES)[number];

export const BATCH_ACTIONS = [
  'edit', // window, limits, retry policy, success criterion, circuit breakers; start until it has come; a DRAFT takes everything
  'add recipients',
  'remove recipients', // waiting ones
  'submit',
  'pause',
  'resume',
  'cancel',
  'retry',
  'rename',
  'duplicate',
  'delete',
] as const;
export type BatchAction = (typeof BATCH_ACTIONS)[number];

const ALL = BATCH_STATUSES;

/** For each action, the statuses in which it is allowed. Retry from COMPLETED also needs a failed or unanswered recipient. */
export const ALLOWED_WHEN: Record<BatchAction, readonly BatchStatus[]> = {
  edit: ['DRAFT', 'SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED'],
  'add recipients': ['DRAFT', 'SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED'],
  'remove recipients': ['DRAFT', 'SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED'],
  submit: ['DRAFT'],
  pause: ['RUNNING'],
  resume: ['PAUSED'],
  cancel: ['SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED'],
  retry: ['COMPLETED', 'CANCELLED', 'FAILED'],
  rename: ALL,
  duplicate: ALL,
  delete: ALL,
};

/** A test call is a batch of another kind: one call, once, as it was asked for. */
export type BatchKind = 'BATCH' | 'TEST';

/** What may be done with a test call. All else would call more people, or others, than were asked for (`change_batch`, `add_recipients`). */
const TEST_CALL_ACTIONS: readonly BatchAction[] = ['remove recipients', 'pause', 'resume', 'cancel', 'delete'];

/** A terminal batch dials nobody until it is retried. */
const TERMINAL_BATCH_STATUSES = ['COMPLETED', 'CANCELLED', 'FAILED'] as const satisfies readonly BatchStatus[];

export function isAllowed(action: BatchAction, status: BatchStatus, kind: BatchKind = 'BATCH'): boolean {
  return ALLOWED_WHEN[action].includes(status) && (kind === 'BATCH' || TEST_CALL_ACTIONS.includes(action));
}

/** What may be done with a batch in this status, as the API shows it. */
export function allowedActions(status: BatchStatus, kind: BatchKind = 'BATCH'): BatchAction[] {
  return BATCH_ACTIONS.filter((action) => isAllowed(action, status, kind));
}

export function isTerminal(status: BatchStatus): boolean {
  return (TERMINAL_BATCH_STATUSES as readonly BatchStatus[]).includes(status);
}
