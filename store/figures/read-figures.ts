import { MEASURES, type Measure } from '../../domain/calls/figures.js';
import type { Figures } from '../../domain/calls/series.js';
import type { Queryable } from '../database.js';

/** Whose figures: of one batch, or of all batches of a workspace. */
export type Figured = { kind: 'batch' | 'workspace'; id: string };
/** Buckets by their first instants, in order; the last one ends at `until`. All lie on quarters of an hour. */
export type FigureSpan = { starts: readonly Date[]; until: Date };

/** The tables have a column for each measure. */
const columnOf = (measure: Measure): string => measure.toLowerCase();
const eachMeasure = (write: (measure: Measure) => string): string => MEASURES.map(write).join(', ');
const ADDED = eachMeasure((measure) => `sum(f.${columnOf(measure)}) AS ${columnOf(measure)}`);
const NOT_ADDED = eachMeasure((measure) => `sum(c.change) FILTER (WHERE c.measure = '${measure}')`);
const BOTH = eachMeasure((measure) => `coalesce(sum(p.${columnOf(measure)}), 0)::float8 AS "${measure}"`);

/**
 * Figures of a span, with what was written and not added yet: they are of this moment. Those of the day before it are of
 * point -1: they tell which calls were live when it began, since none lasts that long. Reads a row for each quarter.
 */
export async function readFigures(
  db: Queryable,
  { kind, id }: Figured,
  { starts, until }: FigureSpan,
): Promise<Figures[]> {
  const { rows } = await db.query<Figures>(
    `WITH span AS (SELECT $2::timestamptz[] AS starts, ($2::timestamptz[])[1] - interval '1 day' AS since, $3::timestamptz AS until),
       parts AS (
         SELECT width_bucket(f.bucket_at, span.starts) - 1 AS point, ${ADDED} FROM span, ${kind}_figures f
           WHERE f.${kind}_id = $1 AND f.bucket_at >= span.since AND f.bucket_at < span.until GROUP BY 1
         UNION ALL
         SELECT width_bucket(c.bucket_at, span.starts) - 1, ${NOT_ADDED} FROM span, figure_changes c
           WHERE c.xid >= (SELECT CASE WHEN xid > pg_snapshot_xmin(pg_current_snapshot())::text::bigint THEN 0 ELSE xid END FROM figures_cursor)
             AND c.${kind}_id = $1 AND c.bucket_at >= span.since AND c.bucket_at < span.until GROUP BY 1)
     SELECT p.point, ${BOTH} FROM parts p GROUP BY p.point`,
    [id, starts, until],
  );
  return rows;
}
