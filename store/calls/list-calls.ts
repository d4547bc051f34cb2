import type { AttemptState } from '../../domain/calls/attempt-state.js';
import type { Outcome } from '../../domain/calls/outcomes.js';
import type { Queryable } from '../database.js';

/** One attempt, with whom it was to call, from where and for which batch. */
export type CallRow = {
  id: string;
  batchId: string;
  batchName: string;
  recipientId: string;
  recipientName: string | null;
  phone: string;
  fromNumberId: string;
  fromNumberPhone: string;
  agentId: string;
  agentName: string;
  number: number;
  state: AttemptState;
  outcome: Outcome | null;
  endReason: string | null;
  spendsAttempt: boolean;
  dialingAt: Date;
  acceptedAt: Date | null;
  endedAt: Date | null;
  durationMs: number | null;
  successful: boolean | null;
  /** When it began, as PostgreSQL writes it, to the microsecond. */
  cursorAt: string;
};

/** What is wanted of a workspace's calls; what is left out is not asked for. */
export type CallFilter = {
  from?: Date | undefined;
  /** Not included. */
  until?: Date | undefined;
  batchId?: string | undefined;
  phoneNumberId?: string | undefined;
  agentId?: string | undefined;
  outcome?: readonly Outcome[] | undefined;
  state?: readonly AttemptState[] | undefined;
};
export type CallPlace = { cursorAt: string; id: string };
type CallPage = { after: CallPlace | null; limit: number };

type LookedAt = CallRow & { isWanted: boolean; place: number };

/** So many are looked at for one page: about 10 ms. */
const LOOKED_AT_MAX = 10_000;

const SHOWN = `a.id, a.batch_id AS "batchId", b.name AS "batchName", a.recipient_id AS "recipientId", r.name AS "recipientName", a.phone,
  a.from_number_id AS "fromNumberId", n.phone AS "fromNumberPhone", b.agent_id AS "agentId", g.name AS "agentName", a.number, a.state, a.outcome,
  a.end_reason AS "endReason", a.spends_attempt AS "spendsAttempt", a.dialing_at AS "dialingAt", a.accepted_at AS "acceptedAt",
  a.ended_at AS "endedAt", a.duration_ms AS "durationMs", a.successful, a.dialing_at::text AS "cursorAt"`;
const WITH_NAMES = `JOIN batches b ON b.id = a.batch_id JOIN agents g ON g.id = b.agent_id JOIN phone_numbers n ON n.id = a.from_number_id
  JOIN recipients r ON r.id = a.recipient_id`;

/** One call. @returns null when the workspace has no such attempt */
export async function readCall(db: Queryable, workspaceId: string, attemptId: string): Promise<CallRow | null> {
  const { rows } = await db.query<CallRow>(
    `SELECT ${SHOWN} FROM attempts a ${WITH_NAMES} WHERE a.id = $2 AND a.workspace_id = $1`,
    [workspaceId, attemptId],
  );
  return rows[0] ?? null;
}

/**
 * Calls of a workspace, the newest first, by the index of their time, or of their batch's. Calls are numbered in the order of
 * the index, and reading stops as soon as the page is full. Where few are as the filter wants them, a page looks at 10,000 and
 * may have fewer than asked for, or none: `goesOnAfter` says where the next one begins. It is null when there are no more.
 */
export async function listCalls(
  db: Queryable,
  workspaceId: string,
  filter: CallFilter,
  { after, limit }: CallPage,
): Promise<{ rows: CallRow[]; goesOnAfter: CallPlace | null }> {
  const values: unknown[] = [workspaceId];
  const add = (list: string[], condition: (...places: string[]) => string, ...given: unknown[]): void => {
    list.push(condition(...given.map((value) => `$${values.push(value)}`)));
  };
  const inIndex = ['a.workspace_id = $1'];
  if (filter.batchId !== undefined) add(inIndex, (id) => `a.batch_id = ${id}`, filter.batchId);
  if (filter.from) add(inIndex, (from) => `a.dialing_at >= ${from}`, filter.from);
  if (filter.until) add(inIndex, (until) => `a.dialing_at < ${until}`, filter.until);
  if (after)
    add(inIndex, (at, id) => `(a.dialing_at, a.id) < (${at}::timestamptz, ${id}::uuid)`, after.cursorAt, after.id);
  const wanted = ['true'];
  if (filter.phoneNumberId !== undefined) add(wanted, (id) => `a.from_number_id = ${id}`, filter.phoneNumberId);
  if (filter.agentId !== undefined)
    add(
      wanted,
      (id) => `a.batch_id IN (SELECT b.id FROM batches b WHERE b.workspace_id = $1 AND b.agent_id = ${id})`,
      filter.agentId,
    );
  if (filter.outcome) add(wanted, (outcomes) => `a.outcome = ANY (${outcomes}::text[])`, filter.outcome);
  if (filter.state) add(wanted, (states) => `a.state = ANY (${states}::text[])`, filter.state);
  const { rows } = await db.query<LookedAt>(
    `SELECT ${SHOWN}, a.is_wanted AS "isWanted", a.place::int AS place
     FROM (SELECT * FROM (SELECT a.id, a.batch_id, a.recipient_id, a.phone, a.from_number_id, a.number, a.state, a.outcome, a.end_reason,
           a.spends_attempt, a.dialing_at, a.accepted_at, a.ended_at, a.duration_ms, a.successful,
           ${wanted.join(' AND ')} AS is_wanted, row_number() OVER (ORDER BY a.dialing_at DESC, a.id DESC) AS place
         FROM attempts a WHERE ${inIndex.join(' AND ')} ORDER BY a.dialing_at DESC, a.id DESC LIMIT ${LOOKED_AT_MAX}) a
       WHERE a.is_wanted OR a.place = ${LOOKED_AT_MAX} ORDER BY a.dialing_at DESC, a.id DESC LIMIT $${values.push(limit + 1)}) a ${WITH_NAMES}
     ORDER BY a.place`,
    values,
  );
  return toPage(rows, limit);
}

function toPage(looked: readonly LookedAt[], limit: number): { rows: CallRow[]; goesOnAfter: CallPlace | null } {
  const wanted = looked.filter(({ isWanted }) => isWanted);
  const rows = wanted.slice(0, limit);
  if (wanted.length > limit) return { rows, goesOnAfter: rows.at(-1) ?? null };
  return { rows, goesOnAfter: looked.find(({ place }) => place === LOOKED_AT_MAX) ?? null };
}
