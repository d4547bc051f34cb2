-- Forgets people whose last membership was removed before p_age, with their sessions, the oldest first; at most p_limit
-- in one call. What names them in the audit is text, and stays. Who is just being invited again is locked by
-- invite_member, and passed over; an invitation that comes a moment later waits, and makes the person anew.
CREATE OR REPLACE FUNCTION forget_people(p_age interval, p_limit integer) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET enable_incremental_sort = off AS $$
DECLARE
  t timestamptz := dialwright_now();
  gone uuid[] := ARRAY(SELECT id FROM people WHERE left_at < t - p_age ORDER BY left_at LIMIT p_limit
    FOR UPDATE SKIP LOCKED);
BEGIN
  IF cardinality(gone) = 0 THEN RETURN; END IF;
  DELETE FROM sessions WHERE sess ->> 'personId' = ANY (gone::text[]);
  DELETE FROM people WHERE id = ANY (gone) AND left_at < t - p_age;
END $$;
