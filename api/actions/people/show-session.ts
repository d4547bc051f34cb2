import { publicId } from '../../../domain/ids.js';
import type { Queryable } from '../../../store/database.js';
import { findPerson, listMemberships } from '../../../store/people/members.js';

/** Who is signed in, and where. Null when the person is no member of the workspace any more. */
export async function showSession(db: Queryable, { personId, workspaceId }: { personId: string; workspaceId: string }) {
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
  };
}
