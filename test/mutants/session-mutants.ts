import type { Mutant } from './mutant.js';

const TOGETHER = 'test/api/people/recorded-together.spec.ts';
const STORE = 'store/people/sessions';

/** What a session may do, for how long, and what is recorded of it. */
export const SESSION_MUTANTS: readonly Mutant[] = [
  {
    protection: 'sessions: a sign-in is recorded with the session that it begins',
    file: `${STORE}/begin_session.sql`,
    find: "IF NOT record_of_member(person, (sess ->> 'workspaceId')::uuid,",
    replace: "IF false AND NOT record_of_member(person, (sess ->> 'workspaceId')::uuid,",
    spec: TOGETHER,
    title: 'not at all: sign in',
  },
];
