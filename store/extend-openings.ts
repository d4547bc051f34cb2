import type { Opening } from '../domain/openings.js';
import type { CallWindow } from '../domain/window.js';
import type { Queryable } from './database.js';

/** A batch whose written openings end soon. `nowMs` is the one clock's reading, or the start when that is later. */
export type BatchToExtend = {
  batchId: string;
  configVersion: number;
  window: CallWindow;
  timeZone: string;
  nowMs: number;
};

/** Openings are written 48 h ahead and extended when less than this is left. */
const EXTEND_BELOW = '24 hours';

/** Open batches that need openings: one batch when `batchId` is given, else at most `limit` of any. */
export async function findBatchesToExtend(
  db: Queryable,
  options: { batchId?: string; limit?: number },
): Promise<BatchToExtend[]> {
  const { rows } = await db.query(
    `SELECT id AS "batchId", config_version AS "configVersion", "window", time_zone AS "timeZone",
       (extract(epoch FROM greatest(t.now, start_at)) * 1000)::float8 AS "nowMs"
     FROM batches, (SELECT callwright_now() AS now) t
     WHERE status IN ('SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED') AND ($1::uuid IS NULL OR id = $1) AND "window" IS NOT NULL
       AND (openings_until IS NULL OR openings_until < greatest(t.now, start_at) + interval '${EXTEND_BELOW}')
     LIMIT $2`,
    [options.batchId ?? null, options.limit ?? 100],
  );
  return rows;
}

/** Writes openings of one config version; those that are there already stay. */
export async function writeOpenings(
  db: Queryable,
  batch: { batchId: string; configVersion: number },
  openings: readonly Opening[],
  untilMs: number,
): Promise<void> {
  await db.query('SELECT write_openings($1, $2, $3, to_timestamp($4))', [
    batch.batchId,
    batch.configVersion,
    JSON.stringify(openings),
    untilMs / 1000,
  ]);
}
