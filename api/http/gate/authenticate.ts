import type { Request } from 'express';
import { publicId } from '../../../domain/ids.js';
import { findApiKey, noteUse } from '../../../store/people/api-keys.js';
import type { Database } from '../../../store/database.js';
import { ApiError } from '../errors.js';
import { ROLES, type Role } from '../../../domain/people/roles.js';
import type { Auth } from '../operation.js';

const BEARER = /^Bearer +(\S+)$/i;

/** Who asks. Looked up on every request, so that a revoked key ends at once. @throws ApiError unauthorized */
export async function authenticate(db: Database, req: Request): Promise<Auth> {
  const key = BEARER.exec(req.headers.authorization ?? '')?.[1];
  if (key === undefined) throw unauthorized('Send an API key: Authorization: Bearer dw_…', 'Bearer realm="dialwright"');
  const holder = await findApiKey(db.pool, key);
  if (!holder)
    throw unauthorized(
      'The API key is wrong, revoked or expired. Use another, or make one: POST /v1/api-keys, or npm run setup.',
      'Bearer realm="dialwright", error="invalid_token"',
    );
  noteUseOnceAMinute(db, holder.apiKeyId);
  const { apiKeyId, keyName: name } = holder;
  return { ...holder, actor: { id: publicId('apiKey', apiKeyId), name, from: req.ip ?? null } };
}

const NOTED_EVERY_MS = 60_000;
const NOTED_MAX = 10_000;
/** When the use of a key was last noted by this process, on the clock of `performance.now()`. */
const notedAtMs = new Map<string, number>();

/** Nobody waits for it, and nothing fails when it cannot be noted: the next request says it again. */
function noteUseOnceAMinute(db: Database, apiKeyId: string): void {
  const nowMs = performance.now();
  if (nowMs < (notedAtMs.get(apiKeyId) ?? -Infinity) + NOTED_EVERY_MS) return;
  if (notedAtMs.size >= NOTED_MAX) notedAtMs.clear();
  notedAtMs.set(apiKeyId, nowMs);
  noteUse(db.pool, apiKeyId).catch(() => notedAtMs.delete(apiKeyId));
}

/** Nothing was done, and nobody has recorded that yet. */
export class RoleTooLowError extends ApiError {}

/** For what only some requests of an operation need. `what` begins the sentence that refuses. @throws ApiError forbidden */
export function requireRole({ role }: Pick<Auth, 'role'>, lowestRole: Role, what: string): void {
  if (ROLES.indexOf(role) >= ROLES.indexOf(lowestRole)) return;
  throw new RoleTooLowError(
    'forbidden',
    `${what} needs a key with the role ${lowestRole}; the key that was sent has the role ${role}.`,
  );
}

function unauthorized(message: string, challenge: string): ApiError {
  return new ApiError('unauthorized', message, { headers: { 'WWW-Authenticate': challenge } });
}
