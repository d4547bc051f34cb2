import type { Request } from 'express';
import { findApiKey } from '../../store/people/api-keys.js';
import type { Database } from '../../store/database.js';
import { ApiError } from './errors.js';
import { ROLES, type Auth, type Role } from './operation.js';

const BEARER = /^Bearer +(\S+)$/i;

/** Who asks. Looked up on every request, so that a revoked key ends at once. @throws ApiError unauthorized, forbidden */
export async function authenticate(db: Database, req: Request, lowestRole: Role): Promise<Auth> {
  const key = BEARER.exec(req.headers.authorization ?? '')?.[1];
  if (key === undefined) throw unauthorized('Send an API key: Authorization: Bearer dw_…', 'Bearer realm="dialwright"');
  const holder = await findApiKey(db.pool, key);
  if (!holder)
    throw unauthorized(
      'The API key is wrong or revoked. Use another, or make one with npm run setup.',
      'Bearer realm="dialwright", error="invalid_token"',
    );
  requireRole(holder, lowestRole, 'This');
  return holder;
}

/** For what only some requests of an operation need. `what` begins the sentence that refuses. @throws ApiError forbidden */
export function requireRole({ role }: Pick<Auth, 'role'>, lowestRole: Role, what: string): void {
  if (ROLES.indexOf(role) >= ROLES.indexOf(lowestRole)) return;
  throw new ApiError(
    'forbidden',
    `${what} needs a key with the role ${lowestRole}; the key that was sent has the role ${role}.`,
  );
}

function unauthorized(message: string, challenge: string): ApiError {
  return new ApiError('unauthorized', message, { headers: { 'WWW-Authenticate': challenge } });
}
