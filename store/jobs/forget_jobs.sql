-- Forgets jobs that were over before p_age, with whom they meant, the oldest first; at most p_limit in one call. The
-- audit keeps that they were, and what they did.
CREATE OR REPLACE FUNCTION forget_jobs(p_age interval, p_limit integer) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET enable_incremental_sort = off AS $$
DECLARE
  t timestamptz := dialwright_now();
  gone uuid[] := ARRAY(SELECT id FROM jobs WHERE finished_at < t - p_age ORDER BY finished_at LIMIT p_limit
    FOR UPDATE SKIP LOCKED);
BEGIN
  IF cardinality(gone) = 0 THEN RETURN; END IF;
  DELETE FROM live_changes WHERE kind = 'job' AND id = ANY (gone);
  DELETE FROM jobs WHERE id = ANY (gone);
END $$;
