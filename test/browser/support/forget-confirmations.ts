import type { Stack } from '../../../dev/stack.js';
import { openDatabase } from '../../../store/database.js';

/** As if everybody's last password was long ago: the next change that wants it asks again. */
export async function forgetConfirmations({ databaseUrl }: Pick<Stack, 'databaseUrl'>): Promise<void> {
  const db = openDatabase({ url: databaseUrl, connectionsMax: 1 });
  try {
    await db.pool.query(`UPDATE sessions SET sess = sess - 'confirmedAt'`);
  } finally {
    await db.close();
  }
}
