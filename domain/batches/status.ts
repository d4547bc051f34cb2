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
  'addRecipients',
  'removeRecipients', // waiting ones
  'editRecipients', // waiting ones
  'settleUncertain', // a verdict on attempts that nobody can explain
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
const UNTIL_IT_IS_OVER = ['DRAFT', 'SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED'] as const satisfies BatchStatus[];

/** For each action, the statuses in which it is allowed. Retry from COMPLETED also needs a failed or unanswered recipient. */
export const ALLOWED_WHEN: Record<BatchAction, readonly BatchStatus[]> = {
  edit: UNTIL_IT_IS_OVER,
  addRecipients: UNTIL_IT_IS_OVER,
  removeRecipients: UNTIL_IT_IS_OVER,
  editRecipients: UNTIL_IT_IS_OVER,
  settleUncertain: ['RUNNING', 'PAUSED', 'COMPLETED', 'CANCELLED', 'FAILED', 'PENDING', 'SCHEDULED'],
  submit: ['DRAFT'],
  pause: ['RUNNING'],
  resume: ['PAUSED'],
  cancel: ['SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED'],
  retry: ['COMPLETED', 'CANCELLED', 'FAILED'],
  rename: ALL,
  duplicate: ALL,
  delete: ALL,
};

/** A deleted batch has one of these: an open one was cancelled by its delete. It comes back as it is. */
export const RESTORABLE_STATUSES: readonly BatchStatus[] = ['DRAFT', 'COMPLETED', 'CANCELLED', 'FAILED'];
/** For so long after its delete a batch can be restored. */
export const RESTORABLE_DAYS = 30;

/** A test call is a batch of another kind: one call, once, as it was asked for. */
export type BatchKind = 'BATCH' | 'TEST';

/** What may be done with a test call. All else would call more people, or others, than were asked for (`change_batch`, `add_recipients`). */
const TEST_CALL_ACTIONS: readonly BatchAction[] = [
  'removeRecipients',
  'settleUncertain',
  'pause',
  'resume',
  'cancel',
  'delete',
];

/** A terminal batch dials nobody until it is retried. */
const TERMINAL_BATCH_STATUSES = ['COMPLETED', 'CANCELLED', 'FAILED'] as const satisfies readonly BatchStatus[];

export function isAllowed(action: BatchAction, status: BatchStatus, kind: BatchKind = 'BATCH'): boolean {
  return ALLOWED_WHEN[action].includes(status) && (kind === 'BATCH' || TEST_CALL_ACTIONS.includes(action));
}

/** The actions that the status and the kind of a batch allow. */
export function allowedActions(status: BatchStatus, kind: BatchKind = 'BATCH'): BatchAction[] {
  return BATCH_ACTIONS.filter((action) => isAllowed(action, status, kind));
}

export function isTerminal(status: BatchStatus): boolean {
  return (TERMINAL_BATCH_STATUSES as readonly BatchStatus[]).includes(status);
}
