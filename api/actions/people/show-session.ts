import { publicId } from '../../../domain/ids.js';
import type { Queryable } from '../../../store/database.js';
import { findPerson, listMemberships } from '../../../store/people/members.js';

type Shown = { personId: string; workspaceId: string; confirmedUntil: string | null };

/** Who is signed in, where, and how long what it confirmed holds. Null when the person is no member of the workspace any more. */
export async function showSession(db: Queryable, { personId, workspaceId, confirmedUntil }: Shown) {
  const [person, memberships] = [await findPerson(db, { id: personId }), await listMemberships(db, personId)];
  const current = memberships.find((membership) => membership.workspaceId === workspaceId);
  if (!person || !current) return null;
  return {
    member: { id: publicId('member', current.memberId), name: current.name, email: person.email, role: current.role },
    workspace: { id: publicId('workspace', current.workspaceId), name: current.workspaceName },
    workspaces: memberships.map((membership) => ({
      id: publicId('workspace', membership.workspaceId),
      name: membership.workspaceName,
      role: membership.role,
    })),
    confirmedUntil,
  };
}
