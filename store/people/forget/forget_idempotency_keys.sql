-- Forgets idempotency keys that are older than p_age, the oldest first; at most p_limit in one call. Reads these only:
-- the planner does not know how many are old, and would read all.
CREATE OR REPLACE FUNCTION forget_idempotency_keys(p_age interval, p_limit integer) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET enable_incremental_sort = off AS $$
DECLARE t timestamptz := dialwright_now();
BEGIN
  DELETE FROM idempotency_keys WHERE ctid = ANY (ARRAY(SELECT ctid FROM idempotency_keys
    WHERE created_at < t - p_age ORDER BY created_at LIMIT p_limit FOR UPDATE SKIP LOCKED));
END $$;
