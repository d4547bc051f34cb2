-- How the last calls of a batch ended that were placed since then. By the whole key of
-- attempts_batch_id_dialing_at_idx, in its order and without sorts: no other index can serve, and no more calls are
-- read than are wanted.
CREATE OR REPLACE FUNCTION last_ended_calls(p_batch uuid, p_since timestamptz,
  p_limit integer) RETURNS TABLE (outcome text, duration_ms integer) LANGUAGE sql STABLE
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET enable_incremental_sort = off AS $$
  SELECT outcome, duration_ms FROM attempts
    WHERE (batch_id, dialing_at) >= (p_batch, p_since) AND (batch_id, dialing_at) <= (p_batch, 'infinity'::timestamptz)
      AND state = 'ENDED' AND spends_attempt
    ORDER BY batch_id DESC, dialing_at DESC LIMIT p_limit
$$;
