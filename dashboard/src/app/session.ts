import { createContext, use } from 'react';
import { ROLES, type Role } from '../../../domain/people/roles.js';
import type { Schemas } from '../api/client.js';

export const SessionContext = createContext<Schemas['Session'] | null>(null);

/** Who is signed in. @throws outside of the shell */
export function useSignedIn(): Schemas['Session'] {
  const session = use(SessionContext);
  if (!session) throw new Error('Only a page of the shell has a session');
  return session;
}

/** Why somebody of this role may not do what needs `lowest`; null: they may. */
export function roleLacks(role: Role, lowest: Role): string | null {
  if (ROLES.indexOf(role) >= ROLES.indexOf(lowest)) return null;
  return `Needs the role ${lowest}. You are ${role === 'operator' ? 'an' : 'a'} ${role}.`;
}

export function useRoleLacks(lowest: Role): string | null {
  return roleLacks(useSignedIn().member.role, lowest);
}

/** Whether it is the same person in the same workspace. */
export function isSameSession(one: Schemas['Session'], other: Schemas['Session']): boolean {
  return one.member.id === other.member.id && one.workspace.id === other.workspace.id;
}
