import type { UpdateBatchRequest } from '../../domain/batches/request.js';
import type { LawfulOverride } from '../../domain/hours/batch-hours.js';
import { requireRole } from '../http/gate/authenticate.js';
import type { Auth } from '../http/operation.js';

type AskedOverride = NonNullable<UpdateBatchRequest['lawfulOverride']>;

/** An override as it is stored: in the name of who asks, never in another. @throws ApiError forbidden below admin */
export function takeOverride(auth: Auth, asked: AskedOverride | null, nowMs: number): LawfulOverride | null {
  if (asked === null) return null;
  requireRole(auth, 'admin', 'Lifting the lawful hours of a batch');
  return {
    name: auth.actor.name,
    by: auth.actor.id,
    at: new Date(nowMs).toISOString(),
    reason: asked.reason,
  };
}
