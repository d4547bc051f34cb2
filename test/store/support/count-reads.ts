import type pg from 'pg';

/** Rows that were read one after the other, and entries that were read of indexes, since the session began. */
export async function countReads(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query(
    `SELECT sum(pg_stat_get_xact_tuples_returned(oid))::integer AS read FROM pg_class WHERE relkind IN ('r', 'i') AND relnamespace = 'public'::regnamespace`,
  );
  return rows[0].read;
}

/** What `work` reads, in a transaction that is taken back. */
export async function readsOf(pool: pg.Pool, work: (client: pg.ClientBase) => Promise<unknown>): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const before = await countReads(client);
    await work(client);
    const reads = (await countReads(client)) - before;
    await client.query('ROLLBACK');
    return reads;
  } finally {
    client.release();
  }
}
