import { ANSWER_TIMEOUT, type Queryable } from '../database.js';

/**
 * Says that this API process takes webhooks; repeat it every second. When none has said so for `gapMs`, live calls are
 * looked up (`take_webhooks`). @returns how long the gap was, in milliseconds; null when there was none.
 */
export async function takeWebhooks(db: Queryable, gapMs: number): Promise<number | null> {
  const { rows } = await db.query({
    ...ANSWER_TIMEOUT,
    text: 'SELECT take_webhooks(make_interval(secs => $1)) AS "gapMs"',
    values: [gapMs / 1000],
  });
  return rows[0].gapMs;
}

/** Lets live calls be looked up whose webhooks may have been missed (`hasten_looks`). Safe to repeat. @returns how many. */
export async function hastenLooks(db: Queryable, limit: number, kindsWithPages: readonly string[]): Promise<number> {
  const { rows } = await db.query({
    ...ANSWER_TIMEOUT,
    text: 'SELECT hasten_looks($1, $2) AS moved',
    values: [limit, kindsWithPages],
  });
  return rows[0].moved;
}
