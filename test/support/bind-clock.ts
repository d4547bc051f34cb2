import type { Database } from '../../store/database.js';

/**
 * Binds the one clock of a test's own database to another time, which goes on from there at its usual pace. Only tests
 * can: it replaces the SQL function, which production refuses. A clock that stands moves only when it is set.
 */
export async function bindClock(db: Database, { stands = false } = {}): Promise<{ set(nowMs: number): Promise<void> }> {
  await db.pool.query(`
    CREATE TABLE test_clock (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), at timestamptz NOT NULL, set_at timestamptz NOT NULL);
    INSERT INTO test_clock (at, set_at) VALUES (clock_timestamp(), clock_timestamp());
    CREATE OR REPLACE FUNCTION dialwright_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS
      'SELECT at ${stands ? '' : '+ (clock_timestamp() - set_at)'} FROM test_clock'`);
  return {
    async set(nowMs) {
      await db.pool.query('UPDATE test_clock SET at = to_timestamp($1), set_at = clock_timestamp()', [nowMs / 1000]);
    },
  };
}
