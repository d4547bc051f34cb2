import type { Role } from '../../../domain/people/roles.js';
import type { Queryable } from '../../database.js';

/** Whom an identity provider has named. `email`: null unless the provider vouches for it. */
export type OidcIdentity = { issuer: string; subject: string; email: string | null; name: string };
/** What a person's groups give in a workspace, which is a uuid. */
export type WorkspaceGrant = { workspace: string; role: Role };

export type OidcSignIn =
  | { result: 'SIGNED_IN'; personId: string; workspaceId: string; epoch: number }
  | { result: 'UNVERIFIED' | 'NOBODY' | 'OTHER_SUBJECT' };

/** Signs a person in, and makes the memberships what the groups give: `sign_in_by_oidc`, in one transaction. Safe to repeat. */
export async function signInByOidc(
  db: Queryable,
  identity: OidcIdentity,
  { grants, from }: { grants: readonly WorkspaceGrant[]; from: string | null },
): Promise<OidcSignIn> {
  const { rows } = await db.query(
    'SELECT result, person_id AS "personId", workspace_id AS "workspaceId", epoch FROM sign_in_by_oidc($1, $2, $3)',
    [JSON.stringify(identity), JSON.stringify(grants), from],
  );
  return rows[0];
}
