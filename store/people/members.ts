import { createHash, randomBytes } from 'node:crypto';
import type { Role } from '../../domain/people/roles.js';
import type { Queryable } from '../database.js';
import type { Asked, Page } from '../settings/plain-rows.js';

/** A member of a workspace. `name`: of the person there. `acceptedAt`: when the link of an invitation was spent; before, nobody is let in. */
export type MemberRecord = {
  id: string;
  email: string;
  name: string;
  role: Role;
  acceptedAt: Date | null;
  createdBy: string;
  createdAt: Date;
};
type MemberCommand = Asked & { commandId: string | null };

const FIELDS = `m.id, p.email, m.name, m.role, m.accepted_at AS "acceptedAt", m.created_by AS "createdBy", m.created_at AS "createdAt"`;
const FROM = 'FROM members m JOIN people p ON p.id = m.person_id';

/** Oldest first. */
export async function listMembers(db: Queryable, workspaceId: string, { after, limit }: Page): Promise<MemberRecord[]> {
  const { rows } = await db.query<MemberRecord>(
    `SELECT ${FIELDS} ${FROM} WHERE m.workspace_id = $1 AND ($2::timestamptz IS NULL OR (m.created_at, m.id) > ($2, $3::uuid))
     ORDER BY m.created_at, m.id LIMIT $4`,
    [workspaceId, after?.createdAt ?? null, after?.id ?? null, limit],
  );
  return rows;
}

export async function readMember(db: Queryable, workspaceId: string, id: string): Promise<MemberRecord | null> {
  const { rows } = await db.query<MemberRecord>(`SELECT ${FIELDS} ${FROM} WHERE m.workspace_id = $1 AND m.id = $2`, [
    workspaceId,
    id,
  ]);
  return rows[0] ?? null;
}

type NewMember = { id: string | null; email: string; name: string; role: Role };

/** Makes somebody a member (`invite_member`). Safe to repeat with an id. @returns THERE when the person is one already */
export async function inviteMember(
  db: Queryable,
  { workspaceId, actor, commandId }: MemberCommand,
  member: NewMember,
): Promise<{ result: 'INVITED' | 'THERE'; id: string; personId: string }> {
  const { rows } = await db.query('SELECT result, id, person_id AS "personId" FROM invite_member($1, $2, $3, $4)', [
    workspaceId,
    JSON.stringify(member),
    JSON.stringify(actor),
    commandId,
  ]);
  return rows[0];
}

export type MemberChange = 'CHANGED' | 'NOT_FOUND' | 'LAST_ADMIN';

/** Changes the role of a member, or removes it (null): `change_member`. Safe to repeat. */
export async function changeMember(
  db: Queryable,
  { workspaceId, actor, commandId }: MemberCommand,
  id: string,
  role: Role | null,
): Promise<MemberChange> {
  const { rows } = await db.query('SELECT change_member($1, $2, $3, $4, $5) AS result', [
    workspaceId,
    id,
    role,
    JSON.stringify(actor),
    commandId,
  ]);
  return rows[0].result;
}

export type NewLink = { is: 'MADE'; token: string } | { is: 'NOT_FOUND' } | { is: 'ELSEWHERE' };

/** A link for a member (`create_link`), which is recorded. Only the SHA-256 of its token is kept: it is shown once. */
export async function createLink(db: Queryable, { workspaceId, actor }: Asked, memberId: string): Promise<NewLink> {
  const token = randomBytes(32).toString('base64url');
  const { rows } = await db.query('SELECT create_link($1, $2, $3, $4) AS result', [
    workspaceId,
    memberId,
    hashOf(token),
    JSON.stringify(actor),
  ]);
  return rows[0].result === 'MADE' ? { is: 'MADE', token } : { is: rows[0].result };
}

export type LinkRecord = {
  personId: string;
  epoch: number;
  email: string;
  name: string;
  passwordHash: string | null;
  wantsNew: boolean;
  isMailed: boolean;
  workspaceId: string;
};
/** A link for who has forgotten the password (`ask_password_link`). @returns null when none is made */
export async function askPasswordLink(
  db: Queryable,
  { email, from }: { email: string; from: string },
): Promise<string | null> {
  const token = randomBytes(32).toString('base64url');
  const { rows } = await db.query('SELECT ask_password_link($1, $2, $3) AS made', [email, hashOf(token), from]);
  return rows[0].made ? token : null;
}

/** Ends a link that nobody has, since its mail was not sent: it is not one of the three of an hour (`ask_password_link`). */
export async function withdrawLink(db: Queryable, token: string): Promise<void> {
  await db.query(
    'UPDATE sign_in_links SET spent_at = dialwright_now(), is_mailed = false WHERE token_hash = $1 AND is_mailed AND spent_at IS NULL',
    [hashOf(token)],
  );
}

/** Records, where the person is a member, that somebody tried to get in (`record_refused_sign_in`). */
export async function recordRefusedSignIn(
  db: Queryable,
  { email, from, how }: { email: string; from: string; how: string },
): Promise<void> {
  await db.query('SELECT record_refused_sign_in($1, $2, $3)', [email, from, JSON.stringify({ how })]);
}

/**
 * Notes that a link goes to the mailbox of its person, and into no answer; or that it does not, after all. @returns false when it is
 * of no use any more
 */
export async function noteMailed(db: Queryable, token: string, isMailed: boolean): Promise<boolean> {
  const { rowCount } = await db.query(
    'UPDATE sign_in_links SET is_mailed = $2 WHERE token_hash = $1 AND is_mailed <> $2 AND spent_at IS NULL',
    [hashOf(token), isMailed],
  );
  return rowCount === 1;
}

/**
 * What a link asks for: a new password (`wantsNew`), or the one that the person has, in place of which one that was sent by mail
 * (`isMailed`) may choose another. Null when it is of no use.
 */
export async function readLink(db: Queryable, token: string): Promise<LinkRecord | null> {
  const { rows } = await db.query(
    `SELECT p.id AS "personId", p.sign_in_epoch AS epoch, p.email, m.name, p.password_hash AS "passwordHash", l.is_reset OR p.password_hash IS NULL AS "wantsNew",
       l.is_mailed AS "isMailed", m.workspace_id AS "workspaceId"
     FROM sign_in_links l JOIN members m ON m.id = l.member_id JOIN people p ON p.id = m.person_id
     WHERE l.token_hash = $1 AND l.spent_at IS NULL AND l.expires_at > dialwright_now()`,
    [hashOf(token)],
  );
  return rows[0] ?? null;
}

/**
 * Spends a link (`spend_link`). `epoch`: of the person, as the link was read. @returns whose it is, and the epoch of a session that
 * begins with it; null when it is of no use
 */
export async function spendLink(
  db: Queryable,
  token: string,
  { epoch, passwordHash, from }: { epoch: number; passwordHash: string | null; from: string | null },
): Promise<{ personId: string; workspaceId: string; epoch: number } | null> {
  const { rows } = await db.query<{ personId: string; workspaceId: string }>(
    `SELECT m.person_id AS "personId", m.workspace_id AS "workspaceId" FROM spend_link($1, $2, $3, $4) AS spent (id)
     JOIN members m ON m.id = spent.id`,
    [hashOf(token), epoch, passwordHash, from],
  );
  const [spent] = rows;
  return spent ? { ...spent, epoch: passwordHash === null ? epoch : epoch + 1 } : null;
}

/**
 * Replaces a password (`choose_password`); the session that is kept is the one that asks. `epoch`: of the person, when the password
 * of before was shown. @returns false when that one was replaced, or ended, meanwhile
 */
export async function choosePassword(
  db: Queryable,
  personId: string,
  { epoch, passwordHash, keptSid, from }: ChosenPassword,
): Promise<boolean> {
  const values = [personId, epoch, passwordHash, keptSid, from];
  const { rows } = await db.query('SELECT choose_password($1, $2, $3, $4, $5) AS done', values);
  return rows[0].done;
}
type ChosenPassword = { epoch: number; passwordHash: string; keptSid: string | null; from: string | null };

/** `epoch`: what a session is begun with. When it is raised, by another password for one, the sessions of before are over. */
export type Person = { id: string; email: string; passwordHash: string | null; epoch: number };

export async function findPerson(db: Queryable, by: { email: string } | { id: string }): Promise<Person | null> {
  const [column, value] = 'email' in by ? ['email', by.email] : ['id', by.id];
  const { rows } = await db.query<Person>(
    `SELECT id, email, password_hash AS "passwordHash", sign_in_epoch AS epoch FROM people WHERE ${column} = $1`,
    [value],
  );
  return rows[0] ?? null;
}

/** A workspace of which somebody is a member, oldest membership first. */
export type Membership = { workspaceId: string; workspaceName: string; memberId: string; name: string; role: Role };

export async function listMemberships(db: Queryable, personId: string): Promise<Membership[]> {
  const { rows } = await db.query<Membership>(
    `SELECT m.workspace_id AS "workspaceId", w.name AS "workspaceName", m.id AS "memberId", m.name, m.role
     FROM members m JOIN workspaces w ON w.id = m.workspace_id WHERE m.person_id = $1 AND m.accepted_at IS NOT NULL ORDER BY m.created_at, m.id LIMIT 200`,
    [personId],
  );
  return rows;
}

type Landing = Pick<Membership, 'workspaceId' | 'memberId' | 'name'>;

/** Where a session of a person begins (`find_landing`): where the person worked last, else the oldest membership. */
export async function findLanding(db: Queryable, personId: string): Promise<Landing | null> {
  const { rows } = await db.query<Landing>(
    'SELECT workspace_id AS "workspaceId", id AS "memberId", name FROM find_landing($1)',
    [personId],
  );
  return rows[0] ?? null;
}

export type AskingMember = {
  memberId: string;
  name: string;
  role: Role;
  secondFactor: 'on' | 'off' | 'wanted';
};

type Asking = Record<'person' | 'workspace' | 'epoch', string>;

/** The member that a person is in a workspace, where the epoch is still the person's; by SQL expressions. */
export const askingMember = ({ person, workspace, epoch }: Asking): string => `
  SELECT m.id AS "memberId", m.name, m.role,
    CASE WHEN f.confirmed_at IS NOT NULL THEN 'on' WHEN w.requires_second_factor THEN 'wanted' ELSE 'off' END AS "secondFactor"
  FROM members m JOIN people p ON p.id = m.person_id JOIN workspaces w ON w.id = m.workspace_id
    LEFT JOIN second_factors f ON f.person_id = m.person_id
  WHERE m.person_id = ${person} AND m.workspace_id = ${workspace} AND m.accepted_at IS NOT NULL AND p.sign_in_epoch = ${epoch}`;

/** Who asks with a session, looked up again. */
export async function findMemberOf(
  db: Queryable,
  { personId, workspaceId, epoch }: { personId: string; workspaceId: string; epoch: number },
): Promise<AskingMember | null> {
  const { rows } = await db.query<AskingMember>({
    name: 'find_member_of',
    text: askingMember({ person: '$1', workspace: '$2', epoch: '$3' }),
    values: [personId, workspaceId, epoch],
  });
  return rows[0] ?? null;
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
