/** What something was done to, as the audit tells it. */
export const TARGET_LABELS = {
  workspace: 'Workspace',
  apiKey: 'API key',
  member: 'Member',
  providerAccount: 'Provider',
  phoneNumber: 'Number',
  agent: 'Agent',
  batch: 'Batch',
  recipient: 'Recipient',
  import: 'Import',
  attempt: 'Call',
  job: 'Job',
} as const;

/** "Change number", of `change number`. */
export function actionLabel(action: string): string {
  return `${action.charAt(0).toUpperCase()}${action.slice(1)}`;
}
