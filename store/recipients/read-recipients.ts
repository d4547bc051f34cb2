import type { RecipientState, WaitingMeans } from '../../domain/recipients/status.js';
import type { BatchRow } from '../batches/read-batches.js';
import { inTransaction, type Database, type Queryable } from '../database.js';

export type RecipientRow = {
  id: string;
  batchId: string;
  ordinal: string;
  phone: string;
  name: string | null;
  variables: Record<string, string>;
  metadata: Record<string, unknown>;
  sipHeaders: Record<string, string>;
  skipPhoneCheck: boolean;
  overrideAgentId: string | null;
  overrideAgentVersion: string | null;
  /** The phone as it was written, when it was repaired. */
  originalPhone: string | null;
  createdAt: Date;
  state: RecipientState;
  /** Its time has come and its zone is open. */
  isDue: boolean;
  /** Null when it could be called at any time. */
  dueAt: Date | null;
  notBefore: Date | null;
  notAfter: Date | null;
  waitReason: string | null;
  /** Attempts that were spent, over all batch retries. */
  calls: number;
  /** Attempts without a call: released, put off by the provider, or not placed. */
  refusals: number;
  lastOutcome: string | null;
  lastError: string | null;
  /** The zones in which it is called, joined by '|'; '' is the batch's, '?' unknown. */
  zoneSet: string;
  timeZone: string | null;
  /** The first instant at which it is due and its zones are open, as far ahead as openings are written. */
  opensAt: Date | null;
  /** It is due after the openings that are written end. */
  isBeyondOpenings: boolean;
  /** It waits, and its number must not be called. */
  isSuppressed: boolean;
  /** Its batch was retried and it has not followed yet. */
  isRetrying: boolean;
};

/** `s` is the state, `b` the batch; $2 the zone sets that are open. */
const IS_DUE = `s.due_at <= (SELECT dialwright_now()) AND s.zone_set = ANY ($2::text[])`;
const IS_RETRYING = `coalesce(b.chunk_work IN ('RETRY', 'RETRY_CANCELLED') AND s.generation < b.generation
  AND s.state IN ('NO_ANSWER', 'FAILED', 'CANCELLED') AND may_be_retried(s, b.chunk_work = 'RETRY_CANCELLED'), false)`;

const SELECT_RECIPIENTS = `
  SELECT r.id, s.batch_id AS "batchId", s.ordinal::text, r.phone, r.name, r.variables, r.metadata, r.sip_headers AS "sipHeaders",
    r.skip_phone_check AS "skipPhoneCheck", r.override_agent_id AS "overrideAgentId", r.override_agent_version AS "overrideAgentVersion",
    r.original_phone AS "originalPhone", r.created_at AS "createdAt", s.state, ${IS_DUE} AS "isDue", CASE WHEN isfinite(s.due_at) THEN s.due_at END AS "dueAt",
    s.not_before AS "notBefore", s.not_after AS "notAfter", s.wait_reason AS "waitReason", 
    calls_of(s) AS calls, s.attempt_count - calls_of(s) AS refusals,
    s.last_outcome AS "lastOutcome", s.last_error AS "lastError",
    s.zone_set AS "zoneSet", r.time_zone AS "timeZone", CASE WHEN s.state = 'WAITING' AND s.due_at < 'infinity' THEN
      (SELECT greatest(o.opens_at, s.due_at) FROM openings o WHERE o.batch_id = b.id AND o.hours_version = b.hours_version AND o.zone_set = s.zone_set
        AND o.closes_at > greatest(o.opens_at, s.due_at, (SELECT dialwright_now())) ORDER BY o.opens_at LIMIT 1) END AS "opensAt",
    coalesce(s.due_at > b.openings_until, false) AS "isBeyondOpenings",
    s.state = 'WAITING' AND EXISTS (SELECT FROM suppressions x WHERE x.workspace_id = b.workspace_id
      AND x.phone_key = ANY (array_append(s.other_keys, s.phone_key))) AS "isSuppressed",
    ${IS_RETRYING} AS "isRetrying"
  FROM recipient_states s JOIN recipients r ON r.id = s.recipient_id JOIN batches b ON b.id = s.batch_id`;

export type RecipientFilter = {
  status: string | null;
  /** Of the batch at this moment. */
  waitingMeans: WaitingMeans;
  /** Whether recipients have still to follow a batch retry. */
  retryOutstanding: boolean;
  sort: 'ordinal' | 'status';
  after: { state: string; ordinal: string } | null;
  limit: number;
};

/** A page of a batch's recipients, in order of arrival or by stored state. Reads little more than the page, also of a million. */
export async function listRecipients(db: Database, batch: BatchRow, filter: RecipientFilter): Promise<RecipientRow[]> {
  return inTransaction(db, (tx) => listRecipientsIn(tx, batch, filter));
}

/** The same, in a transaction that is open. */
export async function listRecipientsIn(
  tx: Queryable,
  batch: BatchRow,
  filter: RecipientFilter,
): Promise<RecipientRow[]> {
  // Every order has its index. Without statistics the planner believes in few rows, and sorts a million for a page.
  await tx.query('SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_seqscan = off');
  const { rows } = await tx.query<RecipientRow>(pageQueryOf(filter), [
    batch.id,
    batch.openZones,
    filter.after?.state ?? null,
    filter.after?.ordinal ?? null,
    filter.limit,
  ]);
  return rows;
}

function pageQueryOf(filter: RecipientFilter): string {
  const byState = filter.sort === 'status';
  const order = byState ? 's.state, s.ordinal' : 's.ordinal';
  const after = byState
    ? '(s.state, s.ordinal) > ($3::text, $4::bigint)'
    : '$3::text IS NOT NULL AND s.ordinal > $4::bigint';
  const pageFrom = (source: string, condition: string): string =>
    `(SELECT s.* FROM ${source} s JOIN batches b ON b.id = s.batch_id
      WHERE s.batch_id = $1 AND ${condition} AND ($4::bigint IS NULL OR ${after}) ORDER BY ${order} LIMIT $5)`;
  const inOrder = pageFrom('recipient_states', conditionOf(filter));
  const select = `${SELECT_RECIPIENTS.replace('recipient_states s', 'page s')} ORDER BY ${order}`;
  const isPart = filter.waitingMeans === 'PENDING_OR_QUEUED' && !filter.retryOutstanding;
  if (!isPart || (filter.status !== 'PENDING' && filter.status !== 'QUEUED'))
    return `WITH page AS (${inOrder}) ${select}`;
  return `WITH few AS MATERIALIZED (${fewWaiting(filter.status)}), counted AS MATERIALIZED (SELECT count(*) > ${FEW_MAX} AS are_many FROM few),
    page AS (${pageFrom('few', 'NOT (SELECT are_many FROM counted)')}
      UNION ALL ${pageFrom('recipient_states', `(SELECT are_many FROM counted) AND ${conditionOf(filter)}`)}) ${select}`;
}

/** Up to this many of those who wait are gathered and sorted; of more, the first are found soon enough in order. */
const FEW_MAX = 2_000;

/** Those who could be called now, or those who could not, zone by zone in the claim's index: a few among a million would be far apart in order. */
function fewWaiting(status: 'PENDING' | 'QUEUED'): string {
  const waiting = (when: string): string =>
    `LATERAL (SELECT r.* FROM recipient_states r WHERE r.batch_id = $1 AND r.zone_set = z.zone_set AND r.state = 'WAITING' ${when} LIMIT ${FEW_MAX + 1}) s`;
  const now = '(SELECT dialwright_now())';
  const open = `SELECT s.* FROM unnest($2::text[]) z (zone_set), ${waiting(`AND r.due_at ${status === 'QUEUED' ? '<=' : '>'} ${now}`)}`;
  const closed = `SELECT s.* FROM batch_zones z, ${waiting('')} WHERE z.batch_id = $1 AND z.zone_set <> ALL ($2::text[])`;
  return `SELECT * FROM (${status === 'QUEUED' ? open : `${open} UNION ALL ${closed}`}) waiting LIMIT ${FEW_MAX + 1}`;
}

export type RecipientSearch = {
  /** A whole number, found by its index; null: the text is looked for in numbers and names. */
  phone: string | null;
  text: string;
  /** What is looked for in numbers. */
  phonePart: string;
  after: string | null;
  limit: number;
};

/** The names and numbers that contain a text as people mean it (`search_text`); one of which nothing is left, as it stands. */
const CONTAINS = `(strpos(r.phone, $6) > 0
  OR CASE WHEN (SELECT search_text($3)) = '' THEN strpos(r.name, $3) > 0 ELSE strpos(search_text(r.name), (SELECT search_text($3))) > 0 END)`;

/** Recipients whose phone or name contains the text, in order of arrival. */
export async function searchRecipients(
  db: Queryable,
  batch: BatchRow,
  { phone, text, phonePart, after, limit }: RecipientSearch,
): Promise<RecipientRow[]> {
  const matches = phone === null ? CONTAINS : 'r.batch_id = $1 AND r.phone = $3';
  const { rows } = await db.query<RecipientRow>(
    `${SELECT_RECIPIENTS} WHERE s.batch_id = $1 AND ${matches} AND ($4::bigint IS NULL OR s.ordinal > $4) ORDER BY s.ordinal LIMIT $5`,
    [batch.id, batch.openZones, phone ?? text, after, limit, ...(phone === null ? [phonePart] : [])],
  );
  return rows;
}

/** The batch to which a recipient of the workspace belongs. */
export async function findBatchOfRecipient(
  db: Queryable,
  workspaceId: string,
  recipientId: string,
): Promise<string | null> {
  const { rows } = await db.query(
    'SELECT b.id FROM recipients r JOIN batches b ON b.id = r.batch_id WHERE r.id = $2 AND b.workspace_id = $1 AND b.deleted_at IS NULL',
    [workspaceId, recipientId],
  );
  return rows[0]?.id ?? null;
}

export async function readRecipient(db: Queryable, batch: BatchRow, recipientId: string): Promise<RecipientRow | null> {
  const { rows } = await db.query<RecipientRow>(`${SELECT_RECIPIENTS} WHERE s.batch_id = $1 AND s.recipient_id = $3`, [
    batch.id,
    batch.openZones,
    recipientId,
  ]);
  return rows[0] ?? null;
}

export type AttemptRow = {
  id: string;
  /** Of the account that the call was placed through. */
  providerKind: string;
  number: number;
  state: string;
  outcome: string | null;
  endReason: string | null;
  byVerdict: boolean;
  spendsAttempt: boolean;
  providerCallId: string | null;
  dialingAt: Date;
  acceptedAt: Date | null;
  endedAt: Date | null;
  durationMs: number | null;
  successful: boolean | null;
  hangUpAskedAt: Date | null;
  events: {
    id: string;
    kind: string;
    occurredAt: string;
    receivedAt: string;
    outcome: string | null;
    endReason: string | null;
    details: Record<string, unknown>;
  }[];
};

const SELECT_ATTEMPTS = `
  SELECT a.id, (SELECT p.kind FROM provider_accounts p WHERE p.id = a.provider_account_id) AS "providerKind", a.number, a.state, a.outcome, a.end_reason AS "endReason", a.by_verdict AS "byVerdict", a.spends_attempt AS "spendsAttempt",
    a.provider_call_id AS "providerCallId", a.dialing_at AS "dialingAt", a.accepted_at AS "acceptedAt", a.ended_at AS "endedAt",
    a.duration_ms AS "durationMs", a.successful, a.hang_up_asked_at AS "hangUpAskedAt",
    coalesce((SELECT jsonb_agg(jsonb_build_object('id', e.id, 'kind', e.kind, 'occurredAt', e.occurred_at, 'receivedAt', e.received_at,
      'outcome', e.outcome, 'endReason', e.end_reason, 'details', e.details) ORDER BY e.occurred_at, e.received_at)
      FROM call_events e WHERE e.attempt_id = a.id), '[]') AS events
  FROM attempts a`;

/** Every attempt of a recipient, in order, with what the provider told about it. */
export async function listAttempts(db: Queryable, recipientId: string): Promise<AttemptRow[]> {
  const { rows } = await db.query<AttemptRow>(
    `${SELECT_ATTEMPTS} WHERE a.recipient_id = $1 ORDER BY a.dialing_at, a.id LIMIT 1000`,
    [recipientId],
  );
  return rows;
}

/** One attempt. @returns null when the workspace has no such attempt */
export async function readAttempt(db: Queryable, workspaceId: string, attemptId: string): Promise<AttemptRow | null> {
  const { rows } = await db.query<AttemptRow>(`${SELECT_ATTEMPTS} WHERE a.id = $2 AND a.workspace_id = $1`, [
    workspaceId,
    attemptId,
  ]);
  return rows[0] ?? null;
}

const PENDING_WHEN: Record<WaitingMeans, string> = {
  CANCELLED: 'false',
  PENDING: `s.state = 'WAITING'`,
  PENDING_OR_QUEUED: `s.state = 'WAITING' AND NOT (${IS_DUE})`,
};

/** Keeps the index of states usable: a status is one stored state, or WAITING seen from the batch. Only our own words get into the SQL. */
function conditionOf({ status, waitingMeans, retryOutstanding }: RecipientFilter): string {
  switch (status) {
    case null:
      return 'true';
    case 'QUEUED':
      return waitingMeans === 'PENDING_OR_QUEUED' ? `s.state = 'WAITING' AND ${IS_DUE}` : 'false';
    case 'PENDING':
      return `(${PENDING_WHEN[waitingMeans]}${retryOutstanding ? ` OR ${IS_RETRYING}` : ''})`;
    case 'CANCELLED':
      return waitingMeans === 'CANCELLED'
        ? `s.state IN ('CANCELLED', 'WAITING')`
        : `s.state = 'CANCELLED' AND NOT ${IS_RETRYING}`;
    case 'NO_ANSWER':
    case 'FAILED':
      return `s.state = '${status}' AND NOT ${IS_RETRYING}`;
    case 'IN_PROGRESS':
    case 'COMPLETED':
    case 'SUPPRESSED':
    case 'UNCERTAIN':
      return `s.state = '${status}'`;
    default:
      throw new RangeError(`'${status}' is not the status of a recipient`);
  }
}
