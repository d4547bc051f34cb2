-- What a batch still waits for: WAITING when one of its recipients waits, else IN_PROGRESS when one is in a call, else
-- NULL. Reads one row of each: each order is that of one index, and there are no sorts, so that no other serves. A
-- plain EXISTS, planned while everybody waits, reads everybody who is settled first.
CREATE OR REPLACE FUNCTION unsettled_state(p_batch uuid) RETURNS text
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
  SET enable_incremental_sort = off AS $$
BEGIN
  PERFORM FROM recipient_states WHERE batch_id = p_batch AND state = 'WAITING'
    ORDER BY zone_set, due_at, ordinal LIMIT 1;
  IF FOUND THEN RETURN 'WAITING'; END IF;
  PERFORM FROM recipient_states WHERE batch_id = p_batch AND state = 'IN_PROGRESS' ORDER BY due_at LIMIT 1;
  RETURN CASE WHEN FOUND THEN 'IN_PROGRESS' END;
END $$;
