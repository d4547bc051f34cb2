import type { TestApi } from './test-api.js';

/** As if the process had died between the commit and the storing of the answer. */
export async function loseAnswer(api: TestApi, key: string): Promise<void> {
  await api.db.pool.query(
    `UPDATE idempotency_keys SET status = NULL, response = NULL, locked_at = dialwright_now() - interval '61 s' WHERE key = $1`,
    [key],
  );
}
