import type { RecipientState } from '../../domain/recipients/status.js';
import { queryAll, type Queryable } from '../database.js';

/** What is stored, counted; statuses are derived from it and from the batch. */
export type BatchCounts = {
  states: Partial<Record<RecipientState, number>>;
  /** Of WAITING: those whose time has not come, or whose zone is closed. */
  waitingLater: number;
  /** Of each state: those that a batch retry has still to put back to waiting. */
  retrying: Partial<Record<RecipientState, number>>;
  attempts: AttemptCounts;
};
export type AttemptCounts = {
  sent: number;
  pickedUp: number;
  successful: number;
  voicemail: number;
  noAnswer: number;
  busy: number;
  declined: number;
  failed: number;
  uncertain: number;
  refusals: number;
};

const NO_ATTEMPTS: AttemptCounts = {
  sent: 0,
  pickedUp: 0,
  successful: 0,
  voicemail: 0,
  noAnswer: 0,
  busy: 0,
  declined: 0,
  failed: 0,
  uncertain: 0,
  refusals: 0,
};

/** Counts recipients and attempts of batches. Reads an index entry per recipient: a million take a few hundred milliseconds. */
export async function countBatches(db: Queryable, batchIds: readonly string[]): Promise<Map<string, BatchCounts>> {
  const queries = [COUNT_STATES, COUNT_LATER, COUNT_RETRYING, COUNT_ATTEMPTS];
  const counted = await queryAll(
    db,
    queries.map((query) => [query, [batchIds]]),
  );
  const [states = [], later = [], retrying = [], attempts = []] = counted.map(({ rows }) => rows);
  const counts = new Map<string, BatchCounts>(
    batchIds.map((id) => [id, { states: {}, waitingLater: 0, retrying: {}, attempts: NO_ATTEMPTS }]),
  );
  for (const { id, state, count } of states) (counts.get(id) as BatchCounts).states[state as RecipientState] = count;
  for (const { id, count } of later) (counts.get(id) as BatchCounts).waitingLater = count;
  for (const { id, state, count } of retrying)
    (counts.get(id) as BatchCounts).retrying[state as RecipientState] = count;
  for (const { id, ...attempt } of attempts) (counts.get(id) as BatchCounts).attempts = attempt;
  return counts;
}

const COUNT_STATES = `
  SELECT batch_id AS id, state, count(*)::int AS count FROM recipient_states WHERE batch_id = ANY ($1) GROUP BY 1, 2`;

/**
 * Ranges of the claim's own index, one for each zone set. Who waits in a closed zone counts while another is open; when none
 * is, the batch itself is closed, and that is what holds back those whose time has come.
 */
const COUNT_LATER = `
  SELECT b.id, coalesce(sum(CASE WHEN z.zone_set <> ALL (open.zones) AND open.zones <> '{}'
      THEN (SELECT count(*) FROM recipient_states r WHERE r.batch_id = b.id AND r.zone_set = z.zone_set AND r.state = 'WAITING')
      ELSE (SELECT count(*) FROM recipient_states r WHERE r.batch_id = b.id AND r.zone_set = z.zone_set AND r.state = 'WAITING' AND r.due_at > t.now) END), 0)::int AS count
  FROM (SELECT dialwright_now() AS now OFFSET 0) t, batches b
  CROSS JOIN LATERAL (SELECT ARRAY(SELECT DISTINCT o.zone_set FROM openings o WHERE o.batch_id = b.id AND o.hours_version = b.hours_version
    AND o.opens_at <= t.now AND t.now < o.closes_at) AS zones) open
  JOIN batch_zones z ON z.batch_id = b.id
  WHERE b.id = ANY ($1) GROUP BY b.id`;

const COUNT_RETRYING = `
  SELECT b.id, r.state, count(*)::int AS count FROM batches b JOIN recipient_states r ON r.batch_id = b.id
  WHERE b.id = ANY ($1) AND b.chunk_work IN ('RETRY', 'RETRY_CANCELLED') AND r.generation < b.generation
    AND r.state IN ('NO_ANSWER', 'FAILED', 'CANCELLED') AND may_be_retried(r, b.chunk_work = 'RETRY_CANCELLED')
  GROUP BY 1, 2`;

/** Sent: the provider has taken it. An attempt that made no call (given back unsent, put off, not placed) is a refusal, and nothing else. */
const COUNT_ATTEMPTS = `
  SELECT batch_id AS id,
    count(*) FILTER (WHERE accepted_at IS NOT NULL AND spends_attempt)::int AS sent,
    count(*) FILTER (WHERE outcome = 'ANSWERED')::int AS "pickedUp",
    count(*) FILTER (WHERE outcome = 'ANSWERED' AND successful)::int AS successful,
    count(*) FILTER (WHERE outcome = 'VOICEMAIL')::int AS voicemail,
    count(*) FILTER (WHERE outcome = 'NO_ANSWER')::int AS "noAnswer",
    count(*) FILTER (WHERE outcome = 'BUSY')::int AS busy,
    count(*) FILTER (WHERE outcome = 'DECLINED')::int AS declined,
    count(*) FILTER (WHERE outcome IN ('INVALID_NUMBER', 'UNREACHABLE', 'PROVIDER_ERROR', 'AGENT_ERROR') AND spends_attempt)::int AS failed,
    count(*) FILTER (WHERE state = 'UNCERTAIN' OR outcome = 'UNCERTAIN')::int AS uncertain,
    count(*) FILTER (WHERE NOT spends_attempt)::int AS refusals
  FROM attempts WHERE batch_id = ANY ($1) GROUP BY 1`;
