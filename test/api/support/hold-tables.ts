import type { Database } from '../../../store/database.js';
import { eventually } from '../../support/eventually.js';

export type HeldTables = {
  /** When so many statements wait, for the tables or behind one that does. */
  untilWaiting(count: number): Promise<void>;
  letGo(): Promise<void>;
};

/** Makes every statement on some tables take long: it waits until they are let go, or until its time is up. */
export async function holdTables(db: Database, tables: readonly string[]): Promise<HeldTables> {
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
      }),
    async letGo() {
      if (!isHeld) return;
      isHeld = false;
      await holder.query('ROLLBACK');
      holder.release();
    },
  };
}
