import { inTransaction, type Database, type Queryable } from '../database.js';
import type { BatchRow } from '../batches/read-batches.js';
import { listRecipientsIn, type RecipientFilter, type RecipientRow } from './read-recipients.js';

/** The last attempt of a recipient, as far as a table of results tells it. */
export type LastAttempt = {
  recipientId: string;
  dialingAt: Date;
  acceptedAt: Date | null;
  endedAt: Date | null;
  durationMs: number | null;
  successful: boolean | null;
  endReason: string | null;
  providerCallId: string | null;
};
export type ResultRow = { recipient: RecipientRow; last: LastAttempt | null };

/** Reading the names of the variables of a million recipients takes 2 s. */
const NAMES_TIMEOUT = '60s';
const PAGE_ROWS = 1_000;

/**
 * Every recipient of a batch in order of arrival, with its last attempt. Read page by page, each a transaction of its own: a
 * slow client holds neither memory nor a connection nor a snapshot. Who is added meanwhile comes at the end.
 */
export async function* streamResults(db: Database, batch: BatchRow): AsyncGenerator<ResultRow[]> {
  for (let after: RecipientFilter['after'] = null; ;) {
    const page: ResultRow[] = await readPage(db, batch, after);
    yield page;
    const end = page.at(-1)?.recipient;
    if (!end || page.length < PAGE_ROWS) return;
    after = { state: end.state, ordinal: end.ordinal };
  }
}

/** The names of all variables that recipients of a batch have, in alphabetical order; at most `limit`. */
export async function listVariableNames(db: Database, batchId: string, limit: number): Promise<string[]> {
  return inTransaction(db, async (tx) => {
    await tx.query(`SET LOCAL statement_timeout = '${NAMES_TIMEOUT}'`);
    const { rows } = await tx.query<{ name: string }>(
      `SELECT DISTINCT v.name COLLATE "C" AS name FROM recipients r, jsonb_object_keys(r.variables) AS v (name)
       WHERE r.batch_id = $1 ORDER BY name LIMIT $2`,
      [batchId, limit],
    );
    return rows.map(({ name }) => name);
  });
}

function readPage(db: Database, batch: BatchRow, after: RecipientFilter['after']): Promise<ResultRow[]> {
  const filter = { status: null, waitingMeans: 'PENDING', retryOutstanding: false, sort: 'ordinal' } as const;
  return inTransaction(db, async (tx) => {
    const recipients = await listRecipientsIn(tx, batch, { ...filter, after, limit: PAGE_ROWS });
    const called = recipients.filter(({ calls, refusals }) => calls + refusals > 0).map(({ id }) => id);
    const lastAttempts = await readLastAttempts(tx, called);
    return recipients.map((recipient) => ({ recipient, last: lastAttempts.get(recipient.id) ?? null }));
  });
}

async function readLastAttempts(db: Queryable, recipientIds: readonly string[]): Promise<Map<string, LastAttempt>> {
  if (recipientIds.length === 0) return new Map();
  const { rows } = await db.query<LastAttempt>(
    `SELECT s.recipient_id AS "recipientId", a.dialing_at AS "dialingAt", a.accepted_at AS "acceptedAt", a.ended_at AS "endedAt",
       a.duration_ms AS "durationMs", a.successful, a.end_reason AS "endReason", a.provider_call_id AS "providerCallId"
     FROM recipient_states s JOIN attempts a ON a.id = s.last_attempt_id WHERE s.recipient_id = ANY ($1)`,
    [recipientIds],
  );
  return new Map(rows.map((row) => [row.recipientId, row]));
}
