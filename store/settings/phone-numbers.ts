import type { PageAfter } from './agents.js';
import type { Queryable } from '../database.js';

export type PhoneNumberRecord = {
  id: string;
  providerAccountId: string;
  phone: string;
  label: string | null;
  outbound: boolean;
  outboundAgentId: string | null;
  concurrencyLimit: number | null;
  callsPerSecond: number | null;
  /** After a refusal for capacity: until when no call starts; later one at a time, until one is accepted. */
  backedOffUntil: Date | null;
  /** How many live calls it may have since then; null: no ceiling. */
  callCeiling: number | null;
  disabled: boolean;
  createdAt: Date;
  cursorAt: string;
};

const FIELDS = `id, provider_account_id AS "providerAccountId", phone, label, outbound, outbound_agent_id AS "outboundAgentId",
  concurrency_limit AS "concurrencyLimit", calls_per_second AS "callsPerSecond",
  CASE WHEN backoff_ms > 0 AND isfinite(backed_off_until) THEN backed_off_until END AS "backedOffUntil", call_ceiling AS "callCeiling", disabled_at IS NOT NULL AS disabled, created_at AS "createdAt", created_at::text AS "cursorAt"`;

export async function listPhoneNumbers(
  db: Queryable,
  workspaceId: string,
  page: { after: PageAfter; limit: number },
): Promise<PhoneNumberRecord[]> {
  const { rows } = await db.query<PhoneNumberRecord>(
    `SELECT ${FIELDS} FROM phone_numbers WHERE workspace_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) > ($2, $3::uuid)) ORDER BY created_at, id LIMIT $4`,
    [workspaceId, page.after?.cursorAt ?? null, page.after?.id ?? null, page.limit],
  );
  return rows;
}

export async function readPhoneNumber(
  db: Queryable,
  workspaceId: string,
  id: string,
): Promise<PhoneNumberRecord | null> {
  const { rows } = await db.query<PhoneNumberRecord>(
    `SELECT ${FIELDS} FROM phone_numbers WHERE id = $2 AND workspace_id = $1`,
    [workspaceId, id],
  );
  return rows[0] ?? null;
}

type NewPhoneNumber = {
  id: string | null;
  workspaceId: string;
  providerAccountId: string;
  phone: string;
  label: string | null;
  outbound: boolean;
  outboundAgentId: string | null;
  concurrencyLimit: number | null;
  callsPerSecond: number | null;
};

/** Safe to repeat with an id. @returns the existing number's id when the account has it already */
export async function createPhoneNumber(
  db: Queryable,
  number: NewPhoneNumber,
): Promise<{ is: 'created' | 'taken'; id: string }> {
  const { rows } = await db.query(
    `INSERT INTO phone_numbers (id, workspace_id, provider_account_id, phone, label, outbound, outbound_agent_id, concurrency_limit, calls_per_second)
     VALUES (coalesce($1::uuid, new_id()), $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING id`,
    [
      number.id,
      number.workspaceId,
      number.providerAccountId,
      number.phone,
      number.label,
      number.outbound,
      number.outboundAgentId,
      number.concurrencyLimit,
      number.callsPerSecond,
    ],
  );
  if (rows[0]) return { is: 'created', id: rows[0].id };
  const taken = await db.query('SELECT id FROM phone_numbers WHERE provider_account_id = $1 AND phone = $2', [
    number.providerAccountId,
    number.phone,
  ]);
  const id: string = taken.rows[0]?.id ?? number.id;
  return { is: id === number.id ? 'created' : 'taken', id };
}

type PhoneNumberPatch = {
  label?: string | null | undefined;
  outbound?: boolean | undefined;
  outboundAgentId?: string | null | undefined;
  concurrencyLimit?: number | null | undefined;
  callsPerSecond?: number | null | undefined;
  disabled?: boolean | undefined;
};

/**
 * Changes a number (`update_phone_number`): no call that starts after the answer goes by what was before. Disabling it, or its
 * calling out, pauses the running batches that use it. @returns the batches to wake, or null when there is no such number.
 */
export async function updatePhoneNumber(
  db: Queryable,
  workspaceId: string,
  id: string,
  patch: PhoneNumberPatch,
): Promise<string[] | null> {
  const { rows } = await db.query('SELECT is_found AS "isFound", paused FROM update_phone_number($1, $2, $3)', [
    workspaceId,
    id,
    JSON.stringify(patch),
  ]);
  const { isFound, paused } = rows[0];
  return isFound ? paused : null;
}
