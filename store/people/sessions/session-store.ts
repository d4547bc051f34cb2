import { createHash } from 'node:crypto';
import connectPgSimple from 'connect-pg-simple';
import session, { type SessionData } from 'express-session';
import type { Database, Queryable } from '../../database.js';
import { askingMember, type AskingMember } from '../members.js';

type Done = (err?: unknown) => void;

/** A session that is used is noted so often at most: a write for each request would cost more than the request. */
const TOUCHED_EVERY_MS = 300_000;
const PRUNED_EVERY_S = 900;

/** What is kept of a session's id. Who reads the database, or a backup, can take over nobody's session. */
export function sidOf(sessionId: string): string {
  return createHash('sha256').update(sessionId).digest('base64url');
}

type StoreOptions = { idleMaxMs: number; onError: (err: unknown) => void };

/** Sessions in PostgreSQL, by the hash of their id. One that was not used for `idleMaxMs` is over. */
export function createSessionStore(
  { pool }: Database,
  { idleMaxMs, onError }: StoreOptions,
): session.Store & { close(): void } {
  const PgStore = connectPgSimple(session);
  const touchedAtMs = new Map<string, number>();
  class HashedStore extends PgStore {
    override get(sessionId: string, done: (err: unknown, found?: SessionData | null) => void): void {
      const sid = sidOf(sessionId);
      readSession(pool, sid).then((found) => {
        if (found) noteUse(sid);
        done(null, found);
      }, done);
    }
    /** Nothing: a session is begun by `beginSession` and changed where it still is. To save it would begin an ended one again. */
    override set(_sessionId: string, _data: SessionData, done?: Done): void {
      done?.();
    }
    override destroy(sessionId: string, done?: Done): void {
      super.destroy(sidOf(sessionId), done);
    }
  }
  const options = { pool, tableName: 'sessions', pruneSessionInterval: PRUNED_EVERY_S, errorLog: onError };
  // For a store that can be told of each use, express-session sends each answer in two pieces.
  return Object.assign(new HashedStore(options), { touch: undefined });

  /** Nobody waits for it, and nothing fails when it cannot be noted. One that is over stays so. */
  function noteUse(sid: string): void {
    const nowMs = performance.now();
    if (nowMs < (touchedAtMs.get(sid) ?? -Infinity) + TOUCHED_EVERY_MS) return;
    if (touchedAtMs.size > 10_000) touchedAtMs.clear();
    touchedAtMs.set(sid, nowMs);
    pool
      .query("UPDATE sessions SET expire = now() + $2 * interval '1 ms' WHERE sid = $1 AND expire > now()", [
        sid,
        idleMaxMs,
      ])
      .catch(() => touchedAtMs.delete(sid));
  }
}

/** The session, with the member that asks: read at each request, so that a removal, or another role, holds at once. */
async function readSession(db: Queryable, sid: string): Promise<SessionData | null> {
  const { rows } = await db.query<{ sess: SessionData } & (AskingMember | Record<keyof AskingMember, null>)>({
    name: 'read_session',
    text: `SELECT s.sess, a.* FROM sessions s LEFT JOIN LATERAL (${ASKING}) a ON true WHERE s.sid = $1 AND s.expire > now()`,
    values: [sid],
  });
  if (!rows[0]) return null;
  const { sess, ...asking } = rows[0];
  return { ...sess, asking: asking.memberId === null ? null : asking };
}

const ASKING = askingMember({
  person: "(s.sess ->> 'personId')::uuid",
  workspace: "(s.sess ->> 'workspaceId')::uuid",
  epoch: "(s.sess ->> 'epoch')::integer",
});

type NewSession = {
  sessionId: string;
  /** Of the browser until now: it ends. */
  replacedId: string | null;
  /** What it says. */
  data: Partial<SessionData>;
  expiresAt: Date;
  by: 'password' | 'link' | 'oidc';
};

/** Begins a session, and records the sign-in (`begin_session`). @returns false when the person has another password by now, or is out */
export async function beginSession(db: Queryable, session: NewSession): Promise<boolean> {
  const { sessionId, replacedId, data: sess, expiresAt, by } = session;
  const replaces = replacedId === null ? null : sidOf(replacedId);
  const begun = { sid: sidOf(sessionId), replaces, sess, expiresAt, by };
  const { rows } = await db.query('SELECT begin_session($1) AS begun', [JSON.stringify(begun)]);
  return rows[0].begun;
}

type Switched = { sessionId: string; workspaceId: string; from: string | null };

/** Lets a session work in another workspace (`switch_workspace`). @returns false when it is over, or the person is no member there */
export async function switchWorkspace(db: Queryable, { sessionId, workspaceId, from }: Switched): Promise<boolean> {
  const values = [sidOf(sessionId), workspaceId, from];
  const { rows } = await db.query('SELECT switch_workspace($1, $2, $3) AS done', values);
  return rows[0].done;
}

type Renewed = { from: string; to: string; change: Partial<SessionData> };

/** Puts a session under another id, with what it says from then on. @returns false when it is over, or was renewed meanwhile */
export async function renewSession(tx: Queryable, { from, to, change }: Renewed): Promise<boolean> {
  const { rowCount } = await tx.query(
    'UPDATE sessions SET sid = $2, sess = sess || $3::jsonb WHERE sid = $1 AND expire > now()',
    [sidOf(from), sidOf(to), JSON.stringify(change)],
  );
  return rowCount === 1;
}

/** Whether a session is there, not over, and works in this workspace still. */
export async function isSessionIn(
  db: Queryable,
  { sessionId, workspaceId }: { sessionId: string; workspaceId: string },
): Promise<boolean> {
  const { rows } = await db.query(
    "SELECT FROM sessions WHERE sid = $1 AND expire > now() AND sess ->> 'workspaceId' = $2",
    [sidOf(sessionId), workspaceId],
  );
  return rows.length === 1;
}

export type SessionRecord = {
  sid: string;
  signedInAt: string;
  address: string | null;
  agent: string | null;
  expiresAt: Date;
};

/** The sessions of a person that are not over, newest first. */
export async function listSessions(db: Queryable, personId: string): Promise<SessionRecord[]> {
  const { rows } = await db.query<SessionRecord>(
    `SELECT sid, sess ->> 'signedInAt' AS "signedInAt", sess ->> 'address' AS address, sess ->> 'agent' AS agent, expire AS "expiresAt"
     FROM sessions WHERE sess ->> 'personId' = $1 AND expire > now() ORDER BY sess ->> 'signedInAt' DESC, sid LIMIT 200`,
    [personId],
  );
  return rows;
}

type Ended = { personId: string; sid: string; from: string | null; action: 'end session' | 'sign out' };

/** Ends a session of a person (`end_session`). @returns false when there is none */
export async function endSession(db: Queryable, { personId, sid, action, from }: Ended): Promise<boolean> {
  const { rows } = await db.query('SELECT end_session($1, $2, $3, $4) AS ended', [personId, sid, action, from]);
  return rows[0].ended;
}
