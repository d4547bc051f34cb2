import type pg from 'pg';
import { sleep } from '../../dev/processes.js';
import type { AttemptRow, LedgerLine, LedgerWebhook, RecipientRow } from './evidence.js';

/** The carrier's own form of a line: carrier/request-record.ts. */
type SentLine = {
  callId: string | null;
  reference: string | null;
  to: string | null;
  receivedAt: string;
  answeredStatus: number | null;
  endedAt: string | null;
  outcome: string | null;
  webhooks: (Omit<LedgerWebhook, 'deliveredAtMs'> & { deliveredAt: string | null })[];
};

const TIMEOUT_MS = 30_000;
/** Nothing is told any more when the ledger has not changed for this long. */
const QUIET_MS = 4_000;
const QUIET_MAX_MS = 60_000;

/** Late and repeated webhooks go on after the batch is completed, and must change nothing. */
export async function readQuietLedger(carrierUrl: string): Promise<LedgerLine[]> {
  const deadlineMs = Date.now() + QUIET_MAX_MS;
  let ledger = await readLedgerLines(carrierUrl);
  for (;;) {
    await sleep(QUIET_MS);
    const later = await readLedgerLines(carrierUrl);
    if (JSON.stringify(later) === JSON.stringify(ledger) || Date.now() > deadlineMs) return later;
    ledger = later;
  }
}

async function readLedgerLines(carrierUrl: string): Promise<LedgerLine[]> {
  const response = await fetch(`${carrierUrl}/control/ledger.ndjson`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  const lines = (await response.text()).split('\n').filter((line) => line !== '');
  return lines
    .map((line) => JSON.parse(line) as SentLine)
    .map(({ callId, reference, to, receivedAt, answeredStatus, endedAt, outcome, webhooks }) => ({
      ...{ callId, reference, to, answeredStatus, outcome },
      receivedAtMs: Date.parse(receivedAt),
      endedAtMs: msOf(endedAt),
      webhooks: webhooks.map(({ event, attempts, deliveredAt, lastStatus }) => ({
        ...{ event, attempts, lastStatus },
        deliveredAtMs: msOf(deliveredAt),
      })),
    }));
}

export async function readCallsAccepted(carrierUrl: string): Promise<number> {
  const response = await fetch(`${carrierUrl}/control/totals`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  return ((await response.json()) as { accepted: number }).accepted;
}

export async function readRows(
  pool: pg.Pool,
  batchUuid: string,
): Promise<{ recipients: RecipientRow[]; attempts: AttemptRow[] }> {
  const recipients = await pool.query<RecipientRow>(
    `SELECT 'rcp_' || replace(c.id::text, '-', '') AS id, c.phone, s.state, s.attempts_spent AS "attemptsSpent"
     FROM recipients c JOIN recipient_states s ON s.recipient_id = c.id WHERE c.batch_id = $1 ORDER BY c.ordinal`,
    [batchUuid],
  );
  const attempts = await pool.query<AttemptRow>(
    `SELECT 'att_' || replace(id::text, '-', '') AS id, 'rcp_' || replace(recipient_id::text, '-', '') AS "recipientId",
       number, state, outcome, spends_attempt AS "spendsAttempt", slot_held AS "slotHeld",
       extract(epoch FROM dialing_at)::float8 * 1000 AS "dialingAtMs"
     FROM attempts WHERE batch_id = $1 ORDER BY dialing_at`,
    [batchUuid],
  );
  return { recipients: recipients.rows, attempts: attempts.rows };
}

/** For a run that did not end: where its recipients are, most common first. */
export async function describeRecipients(pool: pg.Pool, batchUuid: string): Promise<string[]> {
  const { rows } = await pool.query<Record<string, string | null>>(
    `SELECT count(*) AS recipients, min(s.phone) AS example, s.state, s.wait_reason,
       CASE WHEN s.state = 'WAITING' THEN CASE WHEN s.due_at = 'infinity' THEN 'never' WHEN s.due_at <= now() THEN 'now' ELSE 'later' END END AS due,
       a.state AS last_attempt, a.slot_held, regexp_replace(a.end_reason, '[0-9]+', '#', 'g') AS end_reason
     FROM recipient_states s LEFT JOIN attempts a ON a.id = s.last_attempt_id WHERE s.batch_id = $1
     GROUP BY s.state, s.wait_reason, due, a.state, a.slot_held, 8 ORDER BY count(*) DESC LIMIT 40`,
    [batchUuid],
  );
  const told = (row: Record<string, string | null>): string =>
    Object.entries(row)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ');
  return rows.map(told);
}

function msOf(iso: string | null): number | null {
  return iso === null ? null : Date.parse(iso);
}
