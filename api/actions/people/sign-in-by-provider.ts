import type { Request } from 'express';
import { parsePublicId } from '../../../domain/ids.js';
import { ROLES } from '../../../domain/people/roles.js';
import type { GroupGrant } from '../../../platform/people/oidc.js';
import { signInByOidc, type OidcSignIn, type WorkspaceGrant } from '../../../store/people/oidc/sign-in-by-oidc.js';
import type { ErrorCode } from '../../http/error-table.js';
import { ApiError } from '../../http/errors.js';
import { signIn } from '../../http/gate/sessions.js';
import type { IdentityProvider } from '../../http/oidc/identity-provider.js';
import { readSignInCookie } from '../../http/oidc/sign-in-cookie.js';
import type { RequestDeps } from '../../http/operation.js';
import { queryOf } from '../../http/bodies/query-of.js';

const REFUSALS = {
  UNVERIFIED: ['oidc_email_unverified', 'The identity provider does not say that the e-mail address is verified.'],
  NOBODY: ['oidc_no_member', 'Nobody with this account is a member of a workspace, and none of its groups lets in.'],
  OTHER_SUBJECT: ['oidc_other_subject', 'The person with this e-mail address has signed in with another account.'],
} as const satisfies Record<Exclude<OidcSignIn['result'], 'SIGNED_IN'>, readonly [ErrorCode, string]>;

/** @throws ApiError oidc_off */
export function requireProvider({ identityProvider }: Pick<RequestDeps, 'identityProvider'>): IdentityProvider {
  if (identityProvider) return identityProvider;
  throw new ApiError('oidc_off', 'This installation has no identity provider.');
}

/** Signs in who comes back from the identity provider. @throws ApiError oidc_…, too_many_requests */
export async function signInByProvider(deps: RequestDeps, req: Request): Promise<void> {
  const provider = requireProvider(deps);
  const from = req.ip ?? '';
  const query = queryOf(req);
  const secrets = readSignInCookie(deps.config.secretBox, req.get('cookie'));
  if (!secrets) throw notBegunHere('no cookie');
  if (new URLSearchParams(query).get('state') !== secrets.state) throw notBegunHere('another state');
  // Counted from here on only: any page can make a browser come here, and would lock its address out. Until the provider has said
  // who it is, nobody knows the account: what was begun counts for itself, and for the address.
  const counted = await deps.signIns.take(`the identity provider ${secrets.state}`, from);
  const { groups, ...identity } = await provider.finish(query, secrets);
  const grants = grantsOf(provider.settings.grants, groups);
  const { pool } = deps.db;
  const person = await signInByOidc(pool, identity, { grants, from });
  if (person.result !== 'SIGNED_IN') throw refusedBy(person.result);
  await counted.wasRight();
  const { personId, workspaceId, epoch } = person;
  const isIn = await signIn(pool, req, { personId, workspaceId, epoch, withSecondFactor: false, by: 'oidc' });
  if (!isIn) throw refusedBy('NOBODY');
}

function refusedBy(result: keyof typeof REFUSALS): ApiError {
  const [code, message] = REFUSALS[result];
  return new ApiError(code, message);
}

function notBegunHere(reason: string): ApiError {
  return new ApiError('oidc_refused', 'No such sign-in was begun in this browser.', { detail: { reason } });
}

/** What groups give: in each workspace the highest role. */
export function grantsOf(known: readonly GroupGrant[], groups: readonly string[]): WorkspaceGrant[] {
  const isIn = new Set(groups);
  const best = new Map<string, WorkspaceGrant>();
  for (const { group, workspace: shown, role } of known) {
    const workspace = parsePublicId('workspace', shown);
    if (workspace === null || !isIn.has(group)) continue;
    const before = best.get(workspace);
    if (!before || ROLES.indexOf(role) > ROLES.indexOf(before.role)) best.set(workspace, { workspace, role });
  }
  return [...best.values()];
}
