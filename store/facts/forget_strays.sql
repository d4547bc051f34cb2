-- Removes facts whose attempt was never found, when no call that they could be of can be open any more: the longest
-- call takes 4 hours. The oldest first, at most p_limit at a time, by call_events_stray_received_at_idx.
CREATE OR REPLACE FUNCTION forget_strays(p_age interval, p_limit integer) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET enable_incremental_sort = off AS $$
DECLARE t timestamptz := dialwright_now();
BEGIN
  DELETE FROM call_events WHERE ctid = ANY (ARRAY(SELECT ctid FROM call_events
    WHERE attempt_id IS NULL AND received_at > '-infinity' AND received_at < t - p_age
    ORDER BY received_at LIMIT p_limit FOR UPDATE SKIP LOCKED));
END $$;
