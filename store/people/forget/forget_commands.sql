-- Forgets commands that are older than p_age, the oldest first; at most p_limit in one call. Nobody repeats them any
-- more: an Idempotency-Key is forgotten before, and its next use makes another command.
CREATE OR REPLACE FUNCTION forget_commands(p_age interval, p_limit integer) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET enable_incremental_sort = off AS $$
DECLARE t timestamptz := dialwright_now();
BEGIN
  DELETE FROM commands WHERE ctid = ANY (ARRAY(SELECT ctid FROM commands
    WHERE at < t - p_age ORDER BY at LIMIT p_limit FOR UPDATE SKIP LOCKED));
END $$;
