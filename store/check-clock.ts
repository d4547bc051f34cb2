import type { Queryable } from './database.js';

/** PostgreSQL's clock function is not the one that Dialwright ships. */
export class ClockOverriddenError extends Error {
  override readonly name = 'ClockOverriddenError';
}

const SHIPPED_BODY = 'SELECT clock_timestamp()';

/** Refuses to run on a database whose one clock was replaced. Tests bind the clock to skipped time; nothing else may. */
export async function checkClock(db: Queryable): Promise<void> {
  const { rows } = await db.query(`SELECT prosrc FROM pg_proc WHERE oid = 'dialwright_now()'::regprocedure`);
  if (rows[0]?.prosrc.trim() === SHIPPED_BODY) return;
  throw new ClockOverriddenError(
    'The function dialwright_now() of this database is not the shipped one. Restore it, or use another database.',
  );
}

/** The one clock, in UTC milliseconds: for what has to be computed outside SQL, never to compare with another clock. */
export async function readClock(db: Queryable): Promise<number> {
  const { rows } = await db.query('SELECT extract(epoch FROM dialwright_now()) * 1000 AS now_ms');
  return Number(rows[0].now_ms);
}
