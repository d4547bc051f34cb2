import type { Queryable } from '../database.js';

/** About 100 ms. */
const CHANGES_MAX = 20_000;

/** Adds to the figures what calls have changed since. Of several processes that do, one does it at a time. */
export async function addFigures(db: Queryable): Promise<void> {
  await db.query('SELECT FROM add_figures($1)', [CHANGES_MAX]);
}
