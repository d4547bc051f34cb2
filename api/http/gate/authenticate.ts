import type { Request } from 'express';
import { publicId } from '../../../domain/ids.js';
import { findApiKey, noteUse } from '../../../store/people/api-keys.js';
import type { Database } from '../../../store/database.js';
import { findMemberOf } from '../../../store/people/members.js';
import { ApiError } from '../errors.js';
import { ROLES, type Role } from '../../../domain/people/roles.js';
import { OWN_SESSION, type Asked, type Auth, type Operation } from '../operation.js';
import { confirmedUntilOf, requireSameSite, signedInOf } from './sessions.js';

const BEARER = /^Bearer +(\S+)$/i;

/**
 * Who asks: by a key, else by a session. Looked up on every request, so that either ends at once: a member with its session, when
 * the request comes, and by itself when it is looked at `again`. @throws ApiError unauthorized, cross_site
 */
export async function authenticate(db: Database, req: Request, { again = false } = {}): Promise<Auth> {
  const key = BEARER.exec(req.headers.authorization ?? '')?.[1];
  const from = req.ip ?? null;
  if (key === undefined) return authenticateMember(db, req, { from, again });
  const holder = await findApiKey(db.pool, key);
  if (!holder)
    throw unauthorized(
      'The API key is wrong, revoked or expired. Use another, or make one: POST /v1/api-keys, or npm run setup.',
      'Bearer realm="dialwright", error="invalid_token"',
    );
  const { apiKeyId, keyName: name, workspaceId, role } = holder;
  noteUseOnceAMinute(db, apiKeyId);
  return { workspaceId, role, apiKeyId, member: null, actor: { id: publicId('apiKey', apiKeyId), name, from } };
}

type Looking = { from: string | null; again: boolean };

async function authenticateMember(db: Database, req: Request, { from, again }: Looking): Promise<Auth> {
  const signedIn = signedInOf(req);
  if (!signedIn)
    throw unauthorized('Sign in, or send an API key: Authorization: Bearer dw_…', 'Bearer realm="dialwright"');
  requireSameSite(req);
  const member = again ? await findMemberOf(db.pool, signedIn) : req.session.asking;
  if (!member)
    throw unauthorized('You are no member of this workspace any more. Sign in again.', 'Bearer realm="dialwright"');
  const { memberId, name, role } = member;
  const { personId, workspaceId, withSecondFactor, byProvider } = signedIn;
  const secondFactor = byProvider ? 'on' : member.secondFactor;
  // It was begun before the second factor was on, by the password alone.
  if (secondFactor === 'on' && !withSecondFactor && !byProvider)
    throw unauthorized('Sign in again, with a code of your second factor.', 'Bearer realm="dialwright"');
  const actor = { id: publicId('member', memberId), name, from };
  const confirmedUntil = confirmedUntilOf(req.session);
  return { workspaceId, role, apiKeyId: null, member: { memberId, personId, secondFactor, confirmedUntil }, actor };
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

/** Of a workspace that requires a second factor, a person without one gets what is the person's own. @throws ApiError second_factor_required */
export function requireSecondFactorOf({ member }: Auth, { tag }: Operation): void {
  if (member?.secondFactor !== 'wanted' || tag === OWN_SESSION) return;
  throw new ApiError(
    'second_factor_required',
    'This workspace requires a second factor. Set one up: PUT /v1/session/second-factor.',
  );
}

/** What gives somebody access, or takes a protection away, is not done by a session that was stolen. @throws ApiError confirmation_required */
export async function requireConfirmation({ member }: Auth, { confirmation }: Operation, asked: Asked): Promise<void> {
  if (!confirmation || !member || member.confirmedUntil !== null) return;
  if (confirmation !== 'always' && !(await confirmation.isNeeded(asked))) return;
  throw new ApiError(
    'confirmation_required',
    'Show first that it is you: PUT /v1/session/confirmation with your password, and a code where your second factor is on. Who has no password here signs in by the identity provider again: GET /v1/session/oidc.',
  );
}

/** Nothing was done, and nobody has recorded that yet. */
export class RoleTooLowError extends ApiError {}

/** For what only some requests of an operation need. `what` begins the sentence that refuses. @throws ApiError forbidden */
export function requireRole({ role }: Pick<Auth, 'role'>, lowestRole: Role, what: string): void {
  if (ROLES.indexOf(role) >= ROLES.indexOf(lowestRole)) return;
  throw new RoleTooLowError('forbidden', `${what} needs the role ${lowestRole}; who asks has the role ${role}.`);
}

function unauthorized(message: string, challenge: string): ApiError {
  return new ApiError('unauthorized', message, { headers: { 'WWW-Authenticate': challenge } });
}
