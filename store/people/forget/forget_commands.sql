-- Forgets commands of more than a week ago, the oldest first; at most p_limit in one call. Nobody repeats them any
-- more: an Idempotency-Key is forgotten before, and its next use makes another command. Runs with the rights of the
-- owner: the role that runs the product removes none by itself.
CREATE OR REPLACE FUNCTION forget_commands(p_limit integer) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET enable_incremental_sort = off AS $$
DECLARE t timestamptz := dialwright_now();
BEGIN
  DELETE FROM commands WHERE ctid = ANY (ARRAY(SELECT ctid FROM commands
    WHERE at < t - interval '7 days' ORDER BY at LIMIT p_limit FOR UPDATE SKIP LOCKED));
END $$;
