import type { Database } from '../../store/database.js';
import { eventually } from './eventually.js';

/** Less than a transaction may be idle, so that a test that waits in vain fails by its own message. */
const AWAITED_WITHIN_MS = 5_000;

/** The workspaces whose waiting lanes were told to look again while `work` ran. */
export async function notifiedLanes(db: Database, work: () => Promise<unknown>): Promise<string[]> {
  const listener = await db.pool.connect();
  const told: string[] = [];
  listener.on('notification', ({ payload }) => told.push(payload ?? ''));
  try {
    await listener.query('LISTEN dialwright_lanes');
    await work();
    // Notifications come before the answer to the next query ends.
    await listener.query('SELECT 1');
    await listener.query('UNLISTEN dialwright_lanes');
    return told;
  } finally {
    listener.removeAllListeners('notification');
    listener.release();
  }
}

/** Waits until so many in this database wait for a workspace lock. */
export async function untilLockIsAwaited(db: Database, waiters = 1): Promise<void> {
  await eventually(async () => {
    const { rowCount } = await db.pool.query(
      `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    if ((rowCount ?? 0) < waiters) throw new Error('nobody waits for a workspace lock');
  }, AWAITED_WITHIN_MS);
}
