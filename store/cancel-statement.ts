import type pg from 'pg';
import type { Queryable } from './database.js';

/**
 * Runs `work` on the connection of a transaction, and has PostgreSQL end the statement that it is in once `signal` is aborted:
 * also one that waits for a lock, or takes no more rows. Asked for on another connection, since this one is in use.
 */
export async function cancelWhenAborted<T>(
  { tx, through, signal }: { tx: pg.ClientBase; through: Queryable; signal: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  const { rows } = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  let cancelling: Promise<unknown> = Promise.resolve();
  const cancel = (): void => {
    cancelling = through.query('SELECT pg_cancel_backend($1)', [rows[0]?.pid]).catch(() => {});
  };
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel);
  try {
    return await work();
  } finally {
    signal.removeEventListener('abort', cancel);
    // It must not meet what the connection does next.
    await cancelling;
  }
}
