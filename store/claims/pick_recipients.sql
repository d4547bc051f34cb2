-- The next recipients of a batch: due, in one of p_zones (open_zones), in order, at most p_reach of them. gate says
-- what becomes of each: CALL, or why it is not called. At most p_wanted with the gate CALL are returned. place numbers
-- those with CALL from 1, and the others separately. Recipients that are not called are picked too, so that this claim
-- moves them on: else the next claim would refuse them again, and they would keep those behind them from being read.
-- p_terms: dial_terms. Locks the rows that it picks, and skips rows that another transaction has locked.
CREATE OR REPLACE FUNCTION pick_recipients(p_terms jsonb, p_zones jsonb, p_now timestamptz, p_reach integer,
  p_wanted integer)
RETURNS TABLE (recipient_id uuid, state text, phone text, phone_key text, attempt_count integer,
  capped_until timestamptz, gate text, place bigint)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  b record;
BEGIN
  SELECT * INTO b FROM jsonb_to_record(p_terms)
    AS (workspace_id uuid, batch_id uuid, max_attempts integer, frequency_cap integer, lead interval);
  RETURN QUERY
  WITH seen AS MATERIALIZED (
    SELECT r.*, capped.until_at AS capped_until,
        CASE
          WHEN suppressed.found OR misread.found THEN 'SUPPRESSED'
          WHEN r.not_after <= p_now + b.lead THEN 'EXPIRED'
          WHEN r.attempts_spent >= b.max_attempts THEN 'NO_ATTEMPT_LEFT'
          WHEN capped.until_at IS NOT NULL THEN 'FREQUENCY_CAP'
          ELSE 'CALL'
        END AS gate
      FROM (SELECT s.*
        FROM jsonb_to_recordset(p_zones)
          AS z (zone_set text, ordinal bigint, timed_due_at timestamptz, timed_ordinal bigint)
        CROSS JOIN LATERAL (
          SELECT * FROM (SELECT * FROM recipient_states r
            WHERE r.batch_id = b.batch_id AND r.zone_set = z.zone_set AND r.state = 'WAITING'
              AND (r.due_at, r.ordinal) >= ('-infinity'::timestamptz, z.ordinal) AND r.due_at <= '-infinity'
            ORDER BY r.due_at, r.ordinal LIMIT p_reach FOR NO KEY UPDATE SKIP LOCKED) at_once
          UNION ALL
          SELECT * FROM (SELECT * FROM recipient_states r
            WHERE r.batch_id = b.batch_id AND r.zone_set = z.zone_set AND r.state = 'WAITING'
              AND (r.due_at, r.ordinal) > (z.timed_due_at, z.timed_ordinal) AND r.due_at <= p_now
            ORDER BY r.due_at, r.ordinal LIMIT p_reach FOR NO KEY UPDATE SKIP LOCKED) timed) s
        ORDER BY s.due_at, s.ordinal LIMIT p_reach) r
      LEFT JOIN LATERAL (SELECT true AS found FROM suppressions s
        WHERE (s.workspace_id, s.phone_key) >= (b.workspace_id, r.phone_key)
          AND (s.workspace_id, s.phone_key) <= (b.workspace_id, r.phone_key)
        ORDER BY s.workspace_id, s.phone_key LIMIT 1) suppressed ON true
      -- Digits that are dialled as they are written may ring another number than the likeliest.
      LEFT JOIN LATERAL (SELECT true AS found FROM unnest(r.other_keys) AS other (phone_key)
        CROSS JOIN LATERAL (SELECT FROM suppressions s
          WHERE (s.workspace_id, s.phone_key) >= (b.workspace_id, other.phone_key)
            AND (s.workspace_id, s.phone_key) <= (b.workspace_id, other.phone_key)
          ORDER BY s.workspace_id, s.phone_key LIMIT 1) s LIMIT 1) misread ON r.other_keys IS NOT NULL
      LEFT JOIN LATERAL (SELECT x.dialing_at + interval '24 hours' AS until_at FROM attempts x
        WHERE b.frequency_cap IS NOT NULL AND x.spends_attempt
          AND (x.phone_key, x.workspace_id, x.dialing_at) > (r.phone_key, b.workspace_id, p_now - interval '24 hours')
          AND (x.phone_key, x.workspace_id, x.dialing_at) <= (r.phone_key, b.workspace_id, 'infinity'::timestamptz)
        ORDER BY x.phone_key DESC, x.workspace_id DESC, x.dialing_at DESC
        OFFSET b.frequency_cap - 1 LIMIT 1) capped ON true),
  placed AS (
    SELECT *, row_number() OVER (PARTITION BY gate = 'CALL' ORDER BY due_at, ordinal) AS place FROM seen)
  SELECT p.recipient_id, p.state, p.phone, p.phone_key, p.attempt_count, p.capped_until, p.gate, p.place
    FROM placed p
    WHERE p.gate <> 'CALL' OR p.place <= p_wanted;
END $$;
