import { openDatabase } from '../../../store/database.js';
import { eventually } from '../../support/eventually.js';

/** Live calls to these numbers are past their hard end: the worker gives them up, and nobody knows how they ended. */
export async function loseCallsTo(databaseUrl: string, phoneNumbers: readonly string[]): Promise<void> {
  const db = openDatabase({ url: databaseUrl, connectionsMax: 1 });
  try {
    // Only a call that the provider has taken is live.
    await eventually(async () => {
      const { rows } = await db.pool.query(`SELECT FROM attempts WHERE phone = ANY ($1) AND state = 'IN_PROGRESS'`, [
        phoneNumbers,
      ]);
      if (rows.length < phoneNumbers.length) throw new Error(`${rows.length} calls are live`);
    });
    await db.pool.query(
      `UPDATE attempts SET hard_end_at = dialwright_now() - interval '2 minutes', settle_at = dialwright_now()
         WHERE phone = ANY ($1) AND state = 'IN_PROGRESS'`,
      [phoneNumbers],
    );
  } finally {
    await db.close();
  }
}
