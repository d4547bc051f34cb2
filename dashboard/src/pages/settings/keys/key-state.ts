import type { Schemas } from '../../../api/client.js';

export type KeyState = 'good' | 'rolled' | 'expired' | 'revoked';

/** Whether a key still opens anything. */
export function stateOf({ revokedAt, expiresAt, successorId }: Schemas['ApiKey'], nowMs = Date.now()): KeyState {
  if (revokedAt !== null) return 'revoked';
  if (expiresAt !== null && Date.parse(expiresAt) <= nowMs) return 'expired';
  return successorId === null ? 'good' : 'rolled';
}
