import { BARE_SETTINGS, type BatchSettings } from '../../domain/batches/settings.js';
import { BATCH_STATUSES, type BatchKind, type BatchStatus } from '../../domain/batches/status.js';
import type { Caller } from '../../domain/people/actor.js';
import type { Queryable } from '../database.js';

/** A batch and where it stands at this moment. */
export type BatchRow = BatchSettings & {
  id: string;
  kind: BatchKind;
  status: BatchStatus;
  statusReason: string | null;
  /** These two are null of a draft that never had another status. */
  statusChangedAt: Date | null;
  statusChangedBy: string | Pick<Caller, 'id' | 'name'> | null;
  version: number;
  hoursVersion: number;
  generation: number;
  chunkWork: 'CANCEL' | 'CANCEL_AND_HANG_UP' | 'RETRY' | 'RETRY_CANCELLED' | 'RETRY_JOB' | null;
  createdAt: Date;
  submittedAt: Date | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  /** These three are null only in a draft without number or agent. */
  fromNumberPhone: string | null;
  agentName: string | null;
  providerAccountId: string | null;
  /** Whose clock counts was changed, and the zones of its recipients are derived again: it cannot be submitted. */
  zonesOutstanding: boolean;
  /** Why the next call is not made now, see `batch_prospect`; null for a batch that is over. */
  reason: string | null;
  untilAt: Date | null;
  couldStart: number | null;
  /** Ids of the rule packs that the workspace has on; null: those that are on by default. */
  rulePacks: string[] | null;
  /** The zone sets in which it is open now. */
  openZones: string[];
  /** The zone sets in which no call may start any more (`never_open_zones`), and how many wait there: 10,001 stands for more. */
  neverOpenZones: string[];
  neverOpenCount: number;
  /** Since when there is claimable work and nobody who claims it, if that is long ago. */
  unansweredSince: Date | null;
  /** Another batch of the workspace with the same name. */
  sameNameId: string | null;
  /** Rows of a confirmed import have still to become recipients. */
  hasRowsOutstanding: boolean;
  cursorAt: string;
};

/** A batch that was deleted, and may still come back. */
export type DeletedBatch = {
  status: BatchStatus;
  deletedAt: Date;
  /** It was open, and its delete cancelled it. */
  wasCancelled: boolean;
};

/** @returns null when the workspace has no such batch, or it is not deleted. */
export async function readDeletedBatch(
  db: Queryable,
  workspaceId: string,
  batchId: string,
): Promise<DeletedBatch | null> {
  const { rows } = await db.query<DeletedBatch>(
    `SELECT status, deleted_at AS "deletedAt", coalesce(finished_at = deleted_at, false) AS "wasCancelled"
     FROM batches WHERE id = $2 AND workspace_id = $1 AND deleted_at IS NOT NULL`,
    [workspaceId, batchId],
  );
  return rows[0] ?? null;
}

/** The budget of a dial at its default: what is shown is a picture, the claim uses the setting. batch_prospect adds the ring lead. */
const DIAL_BUDGET = `interval '0.25 s'`;
/** A run that does not answer for this long is a problem to show. */
const UNANSWERED_AFTER = `interval '60 s'`;

/** Beyond it they are not counted for every look. */
export const NEVER_OPEN_COUNTED_MAX = 10_000;

const SELECT_BATCHES = `
  SELECT b.id, b.kind, b.name, b.status, b.status_reason AS "statusReason", b.status_changed_at AS "statusChangedAt", b.status_changed_by AS "statusChangedBy", b.version, b.hours_version AS "hoursVersion", b.generation, b.time_zone AS "timeZone", b.start_at AS "startAt",
    b.end_at AS "endAt", b.settings, b.labels,
    b."window", b.hours_in AS "hoursIn", b.unknown_zone AS "unknownZone", b.purpose,
    b.concurrency_limit AS "concurrencyLimit", b.reserved_concurrency AS "reservedConcurrency",
    b.calls_per_second AS "callsPerSecond", b.max_attempts AS "maxAttempts", b.retry_policy AS "retryPolicy",
    b.success_criterion AS "successCriterion", b.breakers, b.chunk_work AS "chunkWork",
    b.zones_through IS NOT NULL AS "zonesOutstanding",
    b.created_at AS "createdAt", b.submitted_at AS "submittedAt", b.started_at AS "startedAt", b.finished_at AS "finishedAt",
    b.from_number_id AS "fromNumberId", n.phone AS "fromNumberPhone", b.agent_id AS "agentId", a.name AS "agentName",
    n.provider_account_id AS "providerAccountId", p.reason, p.until_at AS "untilAt", p.could_start AS "couldStart",
    ARRAY(SELECT DISTINCT o.zone_set FROM openings o WHERE o.batch_id = b.id AND o.hours_version = b.hours_version
      AND o.opens_at <= t.now AND t.now + ${DIAL_BUDGET} < o.closes_at) AS "openZones",
    coalesce(never.zones, '{}') AS "neverOpenZones",
    CASE WHEN cardinality(never.zones) > 0 THEN (SELECT count(*)::int FROM (SELECT FROM recipient_states r
      WHERE r.batch_id = b.id AND r.zone_set = ANY (never.zones) AND r.state = 'WAITING' LIMIT ${NEVER_OPEN_COUNTED_MAX + 1}) few)
      ELSE 0 END AS "neverOpenCount",
    (SELECT w.rule_packs FROM workspaces w WHERE w.id = b.workspace_id) AS "rulePacks",
    CASE WHEN b.unanswered_since < t.now - ${UNANSWERED_AFTER} THEN b.unanswered_since END AS "unansweredSince",
    CASE b.kind WHEN 'BATCH' THEN (SELECT o.id FROM batches o WHERE o.workspace_id = b.workspace_id AND o.deleted_at IS NULL AND o.kind = 'BATCH' AND o.name = b.name AND o.id <> b.id LIMIT 1) END AS "sameNameId",
    EXISTS (SELECT FROM imports i WHERE i.batch_id = b.id AND i.rows_outstanding) AS "hasRowsOutstanding",
    b.created_at::text AS "cursorAt"
  FROM page b
  LEFT JOIN phone_numbers n ON n.id = b.from_number_id
  LEFT JOIN agents a ON a.id = b.agent_id
  CROSS JOIN t
  LEFT JOIN LATERAL batch_prospect(b.id, t.now, ${DIAL_BUDGET}) p ON b.status NOT IN ('COMPLETED', 'CANCELLED', 'FAILED')
  LEFT JOIN LATERAL never_open_zones(b.id, t.now, ${DIAL_BUDGET}) never (zones) ON b.status NOT IN ('COMPLETED', 'CANCELLED', 'FAILED')
  ORDER BY b.created_at DESC, b.id DESC`;

const NOW = 't AS MATERIALIZED (SELECT dialwright_now() AS now)';

/** @returns null when the workspace has no such batch, or it was deleted. */
export async function readBatch(db: Queryable, workspaceId: string, batchId: string): Promise<BatchRow | null> {
  const { rows } = await db.query<FoldedRow>(
    `WITH ${NOW}, page AS (SELECT * FROM batches WHERE id = $2 AND workspace_id = $1 AND deleted_at IS NULL) ${SELECT_BATCHES}`,
    [workspaceId, batchId],
  );
  return rows[0] ? unfold(rows[0]) : null;
}

/** What SQL does not read lies in one column. */
type FoldedRow = BatchRow & { settings: Partial<BatchSettings> };
function unfold({ settings, ...row }: FoldedRow): BatchRow {
  return { ...BARE_SETTINGS, ...row, ...settings };
}

/** Which batches are meant, of whatever status. */
export type BatchSearch = {
  kinds: readonly BatchKind[];
  /** Part of the name, as people mean it (`search_text`). */
  nameContains: string | null;
  batchId: string | null;
  /** All of them. A key with two values is in no batch. */
  labels?: readonly (readonly [key: string, value: string])[] | undefined;
};

export type BatchFilter = BatchSearch & {
  statuses: readonly BatchStatus[] | null;
  createdFrom?: Date | undefined;
  /** Those that were made before it. */
  createdTo?: Date | undefined;
  after: { cursorAt: string; id: string } | null;
  limit: number;
};

/** Of the workspace $1: by a part of the name ($2) or the id ($3). */
const FOUND = `workspace_id = $1 AND deleted_at IS NULL
     AND ($2::text IS NULL OR CASE WHEN (SELECT search_text($2)) = '' THEN strpos(name, $2) > 0 ELSE strpos(search_text(name), (SELECT search_text($2))) > 0 END) AND ($3::uuid IS NULL OR id = $3)`;
/** With all labels of the parameter `place`. */
const labelled = (hasLabels: boolean, place: string): string =>
  hasLabels ? `labels <> '{}' AND labels @> ${place}::jsonb` : `${place}::jsonb IS NULL`;

/** @returns null when labels are asked for that no batch can have together */
function labelsOf({ labels }: BatchSearch): { json: string | null } | null {
  if (!labels) return { json: null };
  const all = Object.fromEntries(labels);
  return labels.some(([key, value]) => all[key] !== value) ? null : { json: JSON.stringify(all) };
}

/** Each kind has an index of its own, newest first. */
const pageOfKind = (kind: BatchKind, hasLabels: boolean): string => `
  (SELECT * FROM batches WHERE ${FOUND} AND kind = '${kind}' AND ($4::text[] IS NULL OR status = ANY ($4))
     AND ($5::timestamptz IS NULL OR (created_at, id) < ($5, $6::uuid))
     AND ($8::timestamptz IS NULL OR created_at >= $8) AND ($9::timestamptz IS NULL OR created_at < $9)
     AND ${labelled(hasLabels, '$10')}
   ORDER BY created_at DESC, id DESC LIMIT $7)`;

/** Batches and test calls, newest first. */
export async function listBatches(db: Queryable, workspaceId: string, filter: BatchFilter): Promise<BatchRow[]> {
  const labels = labelsOf(filter);
  if (!labels) return [];
  const pages = filter.kinds.map((kind) => pageOfKind(kind, labels.json !== null)).join(' UNION ALL ');
  const { rows } = await db.query<FoldedRow>(
    `WITH ${NOW}, page AS (SELECT * FROM (${pages}) kinds ORDER BY created_at DESC, id DESC LIMIT $7)
     ${SELECT_BATCHES}`,
    [
      workspaceId,
      filter.nameContains,
      filter.batchId,
      filter.statuses,
      filter.after?.cursorAt ?? null,
      filter.after?.id ?? null,
      filter.limit,
      filter.createdFrom ?? null,
      filter.createdTo ?? null,
      labels.json,
    ],
  );
  return rows.map(unfold);
}

/** How many batches are in each status, of those that a list with this search has. Reads all of them, or all names. */
export async function countByStatus(
  db: Queryable,
  workspaceId: string,
  search: BatchSearch,
): Promise<Record<BatchStatus, number>> {
  const counts = Object.fromEntries(BATCH_STATUSES.map((status) => [status, 0])) as Record<BatchStatus, number>;
  const labels = labelsOf(search);
  if (!labels) return counts;
  const ofKind = (kind: BatchKind): string => `SELECT status, count(*)::integer AS count FROM batches
     WHERE ${FOUND} AND kind = '${kind}' AND ${labelled(labels.json !== null, '$4')} GROUP BY status`;
  const { rows } = await db.query<{ status: BatchStatus; count: number }>(
    search.kinds.map(ofKind).join(' UNION ALL '),
    [workspaceId, search.nameContains, search.batchId, labels.json],
  );
  for (const { status, count } of rows) counts[status] += count;
  return counts;
}
