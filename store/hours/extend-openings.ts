import type { BatchHoursSpec, PlannedOpenings } from '../../domain/hours/batch-hours.js';
import type { BatchStatus } from '../../domain/batches/status.js';
import type { CallWindow } from '../../domain/hours/window.js';
import type { Queryable } from '../database.js';

/** A batch whose written openings end soon, or were computed by older zone data. `nowMs` is the one clock's reading, or the start when that is later. */
export type BatchToExtend = BatchHoursSpec & {
  batchId: string;
  workspaceId: string;
  status: BatchStatus;
  hoursVersion: number;
  window: CallWindow;
  timeZone: string;
  zoneSets: string[];
  rulePacks: string[] | null;
  nowMs: number;
  /** The openings that are there were computed by older zone data. */
  isOutdated: boolean;
};

/** Openings are written 48 h ahead and extended when less than this is left. */
const EXTEND_BELOW = '24 hours';

type ExtendOptions = {
  batchId?: string | undefined;
  /** Only batches that come after this one. */
  afterId?: string | undefined;
  limit: number;
  zoneData: string;
};

/** Open batches that need openings, in the order of their ids: one batch when `batchId` is given, else at most `limit` of any. */
export async function findBatchesToExtend(db: Queryable, options: ExtendOptions): Promise<BatchToExtend[]> {
  const { rows } = await db.query(
    `SELECT b.id AS "batchId", b.workspace_id AS "workspaceId", b.status, hours_version AS "hoursVersion", "window", time_zone AS "timeZone", hours_in AS "hoursIn", unknown_zone AS "unknownZone",
       coalesce(b.settings -> 'blackoutDates', '[]') AS "blackoutDates", coalesce(b.settings -> 'holidays', '[]') AS holidays, purpose,
       nullif(b.settings -> 'lawfulOverride', 'null') AS "lawfulOverride", w.rule_packs AS "rulePacks",
       ARRAY(SELECT zone_set FROM batch_zones WHERE batch_id = b.id UNION SELECT '') AS "zoneSets",
       coalesce(b.zone_data < $3, false) AS "isOutdated", (extract(epoch FROM greatest(t.now, start_at)) * 1000)::float8 AS "nowMs"
     FROM batches b JOIN workspaces w ON w.id = b.workspace_id, (SELECT dialwright_now() AS now) t
     WHERE status IN ('SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED') AND ($1::uuid IS NULL OR b.id = $1) AND "window" IS NOT NULL
       AND (openings_until IS NULL OR openings_until < greatest(t.now, start_at) + interval '${EXTEND_BELOW}' OR b.zone_data < $3)
       AND ($4::uuid IS NULL OR b.id > $4)
     ORDER BY b.id LIMIT $2`,
    [options.batchId ?? null, options.limit, options.zoneData, options.afterId ?? null],
  );
  return rows;
}

/** Writes openings of one hours version; those that are there already stay. */
export async function writeOpenings(
  db: Queryable,
  { batchId, hoursVersion }: { batchId: string; hoursVersion: number },
  planned: PlannedOpenings,
): Promise<void> {
  await db.query('SELECT write_openings($1, $2, $3)', [batchId, hoursVersion, JSON.stringify(planned)]);
}

/** Puts new openings in the place of outdated ones, in one commit. */
export async function replanOpenings(
  db: Queryable,
  { batchId, hoursVersion }: { batchId: string; hoursVersion: number },
  planned: PlannedOpenings,
): Promise<void> {
  await db.query('SELECT replan_openings($1, $2, $3)', [batchId, hoursVersion, JSON.stringify(planned)]);
}
