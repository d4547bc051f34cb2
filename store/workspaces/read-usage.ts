import type { Queryable } from '../database.js';

/** Who uses what of a workspace at this moment. */
export type Usage = {
  at: Date;
  slots: { limit: number; held: number; dialing: number; reserved: number };
  callsPerSecondLimit: number | null;
  /** Calls that began in the last ten seconds. */
  startedLately: number;
  /** Batches that hold slots or could use some: what they hold, and for how many more they wait. */
  batches: { id: string; name: string; status: string; live: number; wants: number }[];
  /** Numbers from which fewer calls may start, since the provider refused some for capacity. */
  backedOffNumbers: { id: string; phone: string; until: Date | null; ceiling: number | null; live: number }[];
  /** Processes of the installation that dial, and when one was last seen. */
  workers: { count: number; seenAt: Date | null };
};

const LISTED_MAX = 100;

/** A worker says twice a second that it is there; one that has not for longer is not counted. */
const SEEN_FOR = `interval '3 seconds'`;

/** Reads the rows of the live calls, and of batches that run: a few hundred. */
export async function readUsage(db: Queryable, workspaceId: string, dialBudgetMs: number): Promise<Usage> {
  const { rows } = await db.query(
    `WITH t AS MATERIALIZED (SELECT dialwright_now() AS now),
      room AS MATERIALIZED (SELECT r.* FROM t, room_of_workspace($1, t.now, make_interval(secs => $2)) r),
      held AS MATERIALIZED (SELECT h.* FROM room, jsonb_to_recordset(room.held) AS h (batch uuid, number uuid, live integer, dialing integer)),
      demand AS (SELECT d.batch_id, max(d.wants) AS wants FROM t, lane_demand d
        WHERE d.workspace_id = $1 AND d.wants > 0 AND is_lane_seen(d, t.now - ${SEEN_FOR}) GROUP BY 1),
      using_slots AS (SELECT coalesce(h.batch, d.batch_id) AS id, coalesce(h.live, 0) AS live, coalesce(d.wants, 0) AS wants
        FROM (SELECT batch, sum(live)::int AS live FROM held GROUP BY 1) h FULL JOIN demand d ON d.batch_id = h.batch)
    SELECT t.now AS at,
      jsonb_build_object('limit', w.concurrency_limit, 'held', w.concurrency_limit - room.all_slots,
        'dialing', coalesce((SELECT sum(dialing) FROM held), 0), 'reserved', room.all_slots - room.batch_slots) AS slots,
      w.calls_per_second AS "callsPerSecondLimit",
      (SELECT count(*)::int FROM attempts a WHERE a.workspace_id = $1 AND a.dialing_at > t.now - interval '10 seconds') AS "startedLately",
      coalesce((SELECT jsonb_agg(b) FROM (SELECT b.id, b.name, b.status, u.live, u.wants FROM using_slots u JOIN batches b ON b.id = u.id
        ORDER BY u.live DESC, u.wants DESC, b.id LIMIT ${LISTED_MAX}) b), '[]') AS batches,
      ARRAY(SELECT jsonb_build_object('id', n.id, 'phone', n.phone, 'until', CASE WHEN n.backed_off_until > t.now THEN n.backed_off_until END,
        'ceiling', n.call_ceiling, 'live', coalesce((SELECT sum(live) FROM held h WHERE h.number = n.id), 0)) FROM phone_numbers n
        WHERE n.workspace_id = $1 AND (n.backed_off_until > t.now OR n.call_ceiling IS NOT NULL) ORDER BY n.phone LIMIT ${LISTED_MAX}) AS "backedOffNumbers",
      (SELECT jsonb_build_object('count', count(*) FILTER (WHERE p.seen_at > t.now - ${SEEN_FOR}), 'seenAt', max(p.seen_at)) FROM lane_processes p) AS workers
    FROM t, room, workspaces w WHERE w.id = $1`,
    [workspaceId, dialBudgetMs / 1000],
  );
  const { backedOffNumbers, workers, ...usage } = rows[0];
  return {
    ...usage,
    backedOffNumbers: backedOffNumbers.map((number: { until: string | null }) => ({
      ...number,
      until: toDate(number.until),
    })),
    workers: { ...workers, seenAt: toDate(workers.seenAt) },
  };
}

/** Inside JSON a time is text. */
function toDate(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
