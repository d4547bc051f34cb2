-- Forgets links that are over since p_age, spent or not, the oldest first; at most p_limit in one call. A link that was
-- spent is over a day after it was made, like every other.
CREATE OR REPLACE FUNCTION forget_sign_in_links(p_age interval, p_limit integer) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET enable_incremental_sort = off AS $$
DECLARE t timestamptz := dialwright_now();
BEGIN
  DELETE FROM sign_in_links WHERE ctid = ANY (ARRAY(SELECT ctid FROM sign_in_links
    WHERE expires_at < t - p_age ORDER BY expires_at LIMIT p_limit FOR UPDATE SKIP LOCKED));
END $$;
