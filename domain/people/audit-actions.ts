/**
 * Everything that the audit tells was done, or was asked for and refused: the only list. SQL writes most of them, and a test
 * compares.
 */
export const AUDIT_ACTIONS = [
  // A batch, and what it has.
  ...(['create', 'test call', 'edit', 'rename', 'submit', 'start', 'pause', 'resume', 'cancel', 'retry'] as const),
  ...(['finish', 'fail', 'delete', 'restore', 'settle', 'circuit breaker opened'] as const),
  ...(['add recipients', 'edit recipient', 'edit recipients', 'remove recipients', 'retry recipients'] as const),
  ...(['begin job', 'end job', 'job done', 'job failed'] as const),
  ...(['upload', 'replace upload', 'edit import row', 'confirm import', 'undo import', 'discard import'] as const),
  ...(['fix import rows', 'end import fix', 'undo import fix', 'end undo of import fix'] as const),
  ...(['hang up', 'verdict', 'two live calls', 'two calls for one attempt', 'call of another attempt'] as const),
  // A workspace, and what it calls with.
  ...(['change workspace', 'emergency stop', 'lift emergency stop', 'suppress', 'unsuppress'] as const),
  ...(['create account', 'change account', 'sync account', 'delete account'] as const),
  ...(['create agent', 'change agent', 'delete agent', 'create number', 'change number', 'delete number'] as const),
  // Who may do what, and who came.
  ...(['create key', 'roll key', 'revoke key', 'invite member', 'change member', 'remove member'] as const),
  ...(['make link', 'spend link', 'ask for password link', 'choose password', 'remove password'] as const),
  ...(['sign in', 'sign in refused', 'sign out', 'end session', 'enter workspace', 'leave workspace'] as const),
  ...(['turn on second factor', 'turn off second factor', 'reset second factor', 'spend recovery code'] as const),
  ...(['download', 'refused'] as const),
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];
