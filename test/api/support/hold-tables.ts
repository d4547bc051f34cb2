import type { Database } from '../../../store/database.js';
import { eventually } from '../../support/eventually.js';

export type Held = {
  /** When so many statements wait, for what is held or behind one that does. */
  untilWaiting(count: number): Promise<void>;
  letGo(): Promise<void>;
};

/** Makes every statement on some tables take long: it waits until they are let go, or until its time is up. */
export function holdTables(db: Database, tables: readonly string[]): Promise<Held> {
  return hold(db, `LOCK TABLE ${tables.join(', ')} IN ACCESS EXCLUSIVE MODE`);
}

const LOCK_KEY = 20_261_129;

/** Makes every COPY of an upload wait before its first row, for as long as it takes: nothing but a cancel ends it. */
export async function holdCopies(db: Database): Promise<Held> {
  await db.pool.query(
    `CREATE OR REPLACE FUNCTION wait_for_the_test() RETURNS trigger LANGUAGE plpgsql SET lock_timeout TO 0 AS
       $$ BEGIN PERFORM pg_advisory_xact_lock_shared(${LOCK_KEY}); RETURN NULL; END $$;
     CREATE OR REPLACE TRIGGER wait_for_the_test BEFORE INSERT ON import_rows
       FOR EACH STATEMENT EXECUTE FUNCTION wait_for_the_test()`,
  );
  return hold(db, `SELECT pg_advisory_xact_lock(${LOCK_KEY})`);
}

async function hold(db: Database, lock: string): Promise<Held> {
  const holder = await db.pool.connect();
  let isHeld = true;
  await holder.query('BEGIN');
  await holder.query("SET LOCAL idle_in_transaction_session_timeout = '60s'");
  await holder.query(lock);
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
