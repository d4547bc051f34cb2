/** What clients that listen hear of. `calls`: calls of a batch have changed its counters. */
export const LIVE_KINDS = [
  'batch',
  'calls',
  'import',
  'job',
  'workspace',
  'phoneNumber',
  'agent',
  'providerAccount',
] as const;
export type LiveKind = (typeof LIVE_KINDS)[number];

/** One thing of a workspace that has changed. */
export type LiveChange = { workspaceId: string; kind: LiveKind; id: string };

/** Somebody may have lost the right to listen: whoever is this person, or works in this workspace. */
type AccessChange = { kind: 'access'; whose: string };

/** Reads what `note_live_change` and `note_access_change` notify. @returns null for what a newer release notifies */
export function readNotice(payload: string): LiveChange | AccessChange | null {
  const [whose = '', kind = '', id = ''] = payload.split(' ');
  if (kind === 'access') return { kind, whose };
  const known = LIVE_KINDS.find((name) => name === kind);
  return known ? { workspaceId: whose, kind: known, id } : null;
}
