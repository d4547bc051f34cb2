import type { Queryable } from './database.js';

/** The one clock, in UTC milliseconds: for what has to be computed outside SQL, never to compare with another clock. */
export async function readClock(db: Queryable): Promise<number> {
  const { rows } = await db.query('SELECT extract(epoch FROM dialwright_now()) * 1000 AS now_ms');
  return Number(rows[0].now_ms);
}
