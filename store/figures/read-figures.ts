import type { Figure } from '../../domain/calls/series.js';
import type { Queryable } from '../database.js';

/** Whose figures: of one batch, or of all batches of a workspace. */
export type Figured = { kind: 'batch' | 'workspace'; id: string };
/** Buckets by their first instants, in order; the last one ends at `until`. All lie on quarters of an hour. */
export type FigureSpan = { starts: readonly Date[]; until: Date };

/**
 * Figures of a span, with what was written and not added yet: they are of this moment. Those of the day before it are of
 * point -1: they tell which calls were live when it began, since none lasts that long. Reads a row for each quarter and measure.
 */
export async function readFigures(
  db: Queryable,
  { kind, id }: Figured,
  { starts, until }: FigureSpan,
): Promise<Figure[]> {
  const { rows } = await db.query<Figure>(
    `WITH span AS (SELECT $2::timestamptz[] AS starts, ($2::timestamptz[])[1] - interval '1 day' AS since, $3::timestamptz AS until),
       figures AS (
         SELECT f.bucket_at, f.measure, f.value FROM span, ${kind}_figures f
           WHERE f.${kind}_id = $1 AND f.bucket_at >= span.since AND f.bucket_at < span.until
         UNION ALL
         SELECT c.bucket_at, c.measure, c.change FROM span, figure_changes c
           WHERE c.xid >= (SELECT CASE WHEN xid > pg_snapshot_xmin(pg_current_snapshot())::text::bigint THEN 0 ELSE xid END FROM figures_cursor)
             AND c.${kind}_id = $1 AND c.bucket_at >= span.since AND c.bucket_at < span.until)
     SELECT width_bucket(f.bucket_at, span.starts) - 1 AS point, f.measure, sum(f.value)::float8 AS value
     FROM span, figures f GROUP BY 1, 2`,
    [id, starts, until],
  );
  return rows;
}
