import { publicId } from '../../../domain/ids.js';
import type { Database } from '../../../store/database.js';
import { seedBatch, type Workspace } from '../../support/seed.js';

export type MadeCall = {
  at: string;
  endsAt?: string;
  outcome?: string;
  accepted?: boolean;
  spends?: boolean;
  talkMs?: number;
  endReason?: string;
};

/** Attempts of a new batch as they would stand in the table, at times of the past. @returns the id of the batch */
export async function makeCalls(
  { db, workspace }: { db: Database; workspace: Workspace },
  calls: readonly MadeCall[],
): Promise<string> {
  const phones = calls.map((_, index) => `+1202555${String(1000 + index)}`);
  const batchId = await seedBatch(db, workspace, { phones, timeZone: 'Europe/Madrid' });
  await db.pool.query(
    `INSERT INTO attempts (workspace_id, batch_id, recipient_id, provider_account_id, from_number_id, phone, phone_key, number, generation,
       state, outcome, claim_key, dial_token, slot_held, dialing_at, dial_deadline, hard_end_at, accepted_at, ended_at, duration_ms, spends_attempt, successful, end_reason)
     SELECT $1, $2, r.recipient_id, $3, $4, r.phone, r.phone, 1, 1,
       CASE WHEN c.outcome IS NULL THEN 'IN_PROGRESS' ELSE 'ENDED' END, c.outcome, gen_random_uuid(), gen_random_uuid(), false, c.at, c.at, c.at + interval '1 hour',
       CASE WHEN coalesce(c.accepted, true) THEN c.at END, c."endsAt", c."talkMs", coalesce(c.spends, true), c.outcome = 'ANSWERED', c."endReason"
     FROM jsonb_to_recordset($5) AS c (place integer, at timestamptz, "endsAt" timestamptz, outcome text, accepted boolean, spends boolean, "talkMs" integer, "endReason" text)
     JOIN (SELECT recipient_id, phone, row_number() OVER (ORDER BY ordinal) AS place FROM recipient_states WHERE batch_id = $2) r USING (place)`,
    [
      workspace.workspaceId,
      batchId,
      workspace.providerAccountId,
      workspace.fromNumberId,
      JSON.stringify(calls.map((call, index) => ({ place: index + 1, ...call }))),
    ],
  );
  return publicId('batch', batchId);
}
