import type { Database } from '../../../store/database.js';
import { eventually } from '../../support/eventually.js';

export type Held = {
  /** When so many statements wait, for the tables or behind one that does. */
  untilWaiting(count: number): Promise<void>;
  letGo(): Promise<void>;
};

/**
 * Makes every statement on some tables take long: it waits until they are let go, or until its time is up. The API needs
 * `PATIENT` for more than five seconds of it.
 */
export async function holdTables(db: Database, tables: readonly string[]): Promise<Held> {
  const holder = await db.pool.connect();
  let isHeld = true;
  await holder.query('BEGIN');
  await holder.query("SET LOCAL idle_in_transaction_session_timeout = '60s'");
  await holder.query(`LOCK TABLE ${tables.join(', ')} IN ACCESS EXCLUSIVE MODE`);
  return {
    untilWaiting: (count) =>
      eventually(async () => {
        const { rows } = await holder.query(
          `SELECT count(*)::int AS count FROM pg_locks
           WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
        );
        if (rows[0].count !== count) throw new Error(`${rows[0].count} statements wait, not ${count}`);
      }, WAITING_MAX_MS),
    async letGo() {
      if (!isHeld) return;
      isHeld = false;
      await holder.query('ROLLBACK');
      holder.release();
    },
  };
}

const WAITING_MAX_MS = 30_000;

/** An API whose statements wait for locks, and for the rows that they read, as long as a test takes. */
export const PATIENT = { lockTimeoutMs: 120_000, readTimeoutMs: 60_000 };
