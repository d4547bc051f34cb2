import type { Mutant } from '../mutant.js';

const TOGETHER = 'test/api/people/recorded-together.spec.ts';
const CONFIRMATION = 'test/api/people/confirmation.spec.ts';
const RENEWED = 'test/api/people/renewed-session.spec.ts';
const ACCESS = 'test/api/access.spec.ts';
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
  {
    protection: 'sessions: what gives access wants a confirmation',
    file: 'api/http/gate/gate.ts',
    find: 'await requireConfirmation(now, operation, asked);',
    replace: 'if (!now) await requireConfirmation(now, operation, asked);',
    spec: ACCESS,
    title: 'createApiKey (always) wants the person to have shown lately who it is',
  },
  {
    protection: 'sessions: a confirmation holds for a while only',
    file: 'api/http/gate/sessions.ts',
    find: 'return untilMs > Date.now() ?',
    replace: 'return untilMs > 0 ?',
    spec: CONFIRMATION,
    title: 'makes a key again once the password was shown',
  },
  {
    protection: 'sessions: one that says nothing of a confirmation has none',
    file: 'api/http/gate/sessions.ts',
    find: 'confirmedAt === undefined ? NaN :',
    replace: 'confirmedAt === undefined ? Infinity :',
    spec: CONFIRMATION,
    title: 'that never said so is not confirmed',
  },
  {
    protection: 'sessions: a higher role wants a confirmation',
    file: 'api/routes/members/update.ts',
    find: 'ROLES.indexOf(body.role) > ROLES.indexOf(member.role);',
    replace: 'ROLES.indexOf(body.role) < ROLES.indexOf(member.role);',
    spec: CONFIRMATION,
    title: 'does what gives nobody more without it',
  },
  {
    protection: 'sessions: a confirmation wants a code where a second factor is on',
    file: 'api/routes/session/confirm.ts',
    find: 'await requireSecondFactor(deps, { personId, email, code, from, counted });',
    replace: '',
    spec: CONFIRMATION,
    title: 'wants a code too where a second factor is on',
  },
  {
    protection: 'sessions: the id of before a renewal is over',
    file: `${STORE}/session-store.ts`,
    find: "'UPDATE sessions SET sid = $2, sess = sess || $3::jsonb WHERE sid = $1 AND expire > now()',",
    replace:
      "'UPDATE sessions SET sess = sess || $3::jsonb WHERE sid = $1 AND $2::text IS NOT NULL AND expire > now()',",
    spec: CONFIRMATION,
    title: 'lets the session go on under a new id',
  },
  {
    protection: 'sessions: the cookie comes with a new id alone',
    file: 'api/http/gate/sessions.ts',
    find: 'rolling: false,',
    replace: 'rolling: true,',
    spec: RENEWED,
    title: 'the cookie comes with a new id alone',
  },
  {
    protection: 'sessions: another password renews the id',
    file: 'api/routes/session/change-password.ts',
    find: 'await renew(deps.db, req, {',
    replace: 'await ((_db, _req, { work }) => work(deps.db.pool))(deps.db, req, {',
    spec: RENEWED,
    title: 'after another password',
  },
  {
    protection: 'sessions: one that was ended is not renewed, nor is anything changed',
    file: 'api/http/gate/sessions.ts',
    find: 'if (!(await renewSession(tx, { from: req.sessionID, to: sessionId, change }))) throw wasEnded();',
    replace: 'await renewSession(tx, { from: req.sessionID, to: sessionId, change });',
    spec: RENEWED,
    title: 'another password; a session that was ended meanwhile is not begun again',
  },
  {
    protection: 'sessions: the end of one is recorded with it',
    file: `${STORE}/end_session.sql`,
    find: 'PERFORM record_of_member(p_person,',
    replace: 'PERFORM record_of_member(NULL,',
    spec: TOGETHER,
    title: 'not at all: sign out',
  },
  {
    protection: 'sessions: where one works from now on is recorded with it',
    file: `${STORE}/switch_workspace.sql`,
    find: "IF NOT record_of_member(person, p_workspace, 'enter workspace', p_from) THEN RETURN false; END IF;",
    replace: '',
    spec: TOGETHER,
    title: 'not at all: enter workspace',
  },
  {
    protection: 'sessions: where one worked before is told too',
    file: `${STORE}/switch_workspace.sql`,
    find: "PERFORM record_of_member(person, before, 'leave workspace', p_from);",
    replace: '',
    spec: TOGETHER,
    title: 'not at all: leave workspace',
  },
  {
    protection: 'sessions: a link is recorded with its making',
    file: 'store/people/create_link.sql',
    find: "PERFORM record_audit(p_workspace, p_actor, 'make link',",
    replace: "PERFORM jsonb_build_object('make link',",
    spec: TOGETHER,
    title: 'not at all: make link',
  },
  {
    protection: 'sessions: a link that is spent is recorded',
    file: 'store/people/spend_link.sql',
    find: 'PERFORM record_of_member(person.id, m.workspace_id,',
    replace: 'PERFORM record_of_member(NULL, m.workspace_id,',
    spec: TOGETHER,
    title: 'not at all: spend link',
  },
  {
    protection: 'sessions: the cookie is for TLS alone where the public address is',
    file: 'api/http/gate/sessions.ts',
    find: "if (isPublicByTls) Object.defineProperty(req, 'secure', { value: true });",
    replace: '',
    spec: 'test/api/people/members.spec.ts',
    title: 'for TLS alone where the public address is',
  },
];
