/**
 * The life of one try to call one recipient: `DIALING → IN_PROGRESS → ENDED`, or `UNCERTAIN` (nobody knows whether the
 * provider took it), `RELEASED` (nothing was sent) or `NOT_PLACED` (proven absent at the provider).
 */
export const ATTEMPT_STATES = ['DIALING', 'IN_PROGRESS', 'ENDED', 'UNCERTAIN', 'RELEASED', 'NOT_PLACED'] as const;
export type AttemptState = (typeof ATTEMPT_STATES)[number];
