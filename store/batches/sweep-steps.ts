import type { Queryable } from '../database.js';

/**
 * Takes a step that the sweepers of all processes share: one of them does it, once in `everyMs`. One that dies with it
 * leaves it to the next. A time that is twice as far away is of a clock that went back since; sweepers that ask at the same
 * moment read their clocks before they wait for each other.
 */
export async function takeStep(db: Queryable, step: string, everyMs: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `INSERT INTO sweep_steps AS s (step, due_at)
     SELECT $1, t.now + t.pause FROM (SELECT dialwright_now() AS now, make_interval(secs => $2) AS pause OFFSET 0) t
     ON CONFLICT (step) DO UPDATE SET due_at = excluded.due_at
     WHERE s.due_at <= excluded.due_at - make_interval(secs => $2)
       OR s.due_at > excluded.due_at + make_interval(secs => $2)`,
    [step, everyMs / 1000],
  );
  return rowCount === 1;
}
