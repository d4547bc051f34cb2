-- Puts recipients back to waiting for a retry of their batch, with a fresh allowance of attempts. One whose last
-- attempt may still turn out to be a call waits for the look that confirms that it is none (note_absent). The caller
-- has locked them, in a state from which they may be retried (may_be_retried), and the batch's row.
CREATE OR REPLACE FUNCTION retry_recipients(p_generation integer, p_ids uuid[]) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
  SET enable_incremental_sort = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off AS $$
BEGIN
  UPDATE recipient_states r SET state = 'WAITING', generation = p_generation, attempts_spent = 0,
    wait_reason = CASE WHEN unconfirmed THEN 'CONFIRMING_ABSENCE' END,
    -- Why no call was made to it does not hold any more.
    last_error = CASE WHEN r.last_error NOT IN ('BATCH_ENDED', 'NEVER_OPEN') THEN r.last_error END,
    due_at = CASE WHEN unconfirmed THEN 'infinity' ELSE coalesce(r.not_before, '-infinity') END
    FROM unnest(p_ids) AS chunk(recipient_id) JOIN recipient_states s ON s.recipient_id = chunk.recipient_id
      CROSS JOIN LATERAL (SELECT (SELECT CASE a.state
          WHEN 'NOT_PLACED' THEN NOT a.by_verdict AND a.settle_at IS NOT NULL END
        FROM attempts a WHERE a.id = s.last_attempt_id) AS unconfirmed) last
    WHERE r.recipient_id = chunk.recipient_id;
END $$;
