import type { Mutant } from './mutant.js';

const MEMBERS = 'test/api/people/members.spec.ts';
const ACCESS = 'test/api/access.spec.ts';

/** Who signs in, and what a browser may be made to send. */
export const MEMBER_MUTANTS: readonly Mutant[] = [
  {
    protection: 'members: a request with a session comes from our own pages',
    file: 'api/http/gate/authenticate.ts',
    find: 'requireSameSite(req);',
    replace: '',
    spec: ACCESS,
    title: 'createApiKey is not taken from another site',
  },
  {
    protection: 'members: so does a sign-in',
    file: 'api/routes/session/sign-in.ts',
    find: 'requireSameSite(req);',
    replace: '',
    spec: MEMBERS,
    title: 'takes no change from another origin, nor a sign-in',
  },
  {
    protection: 'members: a session of who was removed is nothing',
    file: 'api/http/gate/authenticate.ts',
    find: '  if (!member)\n    throw unauthorized(',
    replace:
      "  if (!member) return { workspaceId: signedIn.workspaceId, role: 'viewer', apiKeyId: null, member: null, actor: { id: 'x', name: 'x', from } };\n  if (!member)\n    throw unauthorized(",
    spec: MEMBERS,
    title: 'ends when the member is removed',
  },
  {
    protection: 'members: a membership that was not accepted is not switched to',
    file: 'store/people/members.ts',
    find: 'WHERE m.person_id = $1 AND m.accepted_at IS NOT NULL ORDER BY',
    replace: 'WHERE m.person_id = $1 ORDER BY',
    spec: MEMBERS,
    title: 'nor by whoever has made the account first',
  },
  {
    protection: 'members: an admin of one workspace opens no other one by a new password',
    file: 'store/people/create_link.sql',
    find: "THEN RETURN 'ELSEWHERE'; END IF;",
    replace: 'THEN NULL; END IF;',
    spec: MEMBERS,
    title: 'is not taken over by an admin of one of them',
  },
  {
    protection: 'members: the last admin stays',
    file: 'store/people/change_member.sql',
    find: "THEN RETURN 'LAST_ADMIN'; END IF;",
    replace: 'THEN NULL; END IF;',
    spec: MEMBERS,
    title: 'the last admin who has accepted stays',
  },
  {
    protection: 'members: ids of sessions are kept as hashes',
    file: 'store/people/session-store.ts',
    find: "return createHash('sha256').update(sessionId).digest('base64url');",
    replace: "return sessionId + createHash('sha256').digest('hex').slice(0, 0);",
    spec: MEMBERS,
    title: 'is under a new id after each sign-in, kept as a hash',
  },
  {
    protection: 'members: a session begins under a new id',
    file: 'api/http/gate/sessions.ts',
    find: 'await done((then) => req.session.regenerate(then));',
    replace: '',
    spec: MEMBERS,
    title: 'is under a new id after each sign-in, kept as a hash',
  },
  {
    protection: 'members: another password ends the other sessions',
    file: 'store/people/choose_password.sql',
    find: "DELETE FROM sessions WHERE sess ->> 'personId' = p_person::text AND sid IS DISTINCT FROM p_kept;",
    replace: '',
    spec: MEMBERS,
    title: 'is changed with the old one: other sessions end',
  },
  {
    protection: 'members: guessing is slowed by account and address',
    file: 'api/http/gate/sign-in-limits.ts',
    find: 'await ofAccount.consume(hashedKey(account, address));',
    replace: '',
    spec: MEMBERS,
    title: 'is slowed after ten wrong ones',
  },
  {
    protection: 'members: nobody is locked out by account alone',
    file: 'api/http/gate/sign-in-limits.ts',
    find: 'consume(hashedKey(account, address))',
    replace: 'consume(hashedKey(account))',
    spec: MEMBERS,
    title: 'is slowed after ten wrong ones',
  },
];
