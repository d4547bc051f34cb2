-- Asks for the live calls of a workspace, or of one of its batches, to be hung up. Passes over those that are just
-- being written, so that it waits for nobody: repeat it until it finds none. Returns how many it found.
CREATE OR REPLACE FUNCTION request_hang_ups(p_workspace uuid, p_batch uuid,
  p_limit integer) RETURNS integer LANGUAGE plpgsql SET enable_seqscan = off
  SET enable_bitmapscan = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  t timestamptz := dialwright_now();
  asked integer;
BEGIN
  UPDATE attempts SET hang_up_asked_at = t, settle_at = CASE state WHEN 'IN_PROGRESS' THEN t ELSE settle_at END
    WHERE id = ANY (ARRAY(SELECT locked.id FROM held_slots(p_workspace) h
      CROSS JOIN LATERAL (SELECT a.id FROM attempts a WHERE a.id = h.id AND a.hang_up_asked_at IS NULL
          -- CASE: a bare slot_held would let the planner read every slot for each of them.
          AND CASE WHEN a.slot_held THEN a.state IN ('DIALING', 'IN_PROGRESS') END
        ORDER BY a.id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED) locked
      WHERE (p_batch IS NULL OR h.batch_id = p_batch) AND h.hang_up_asked_at IS NULL LIMIT p_limit));
  GET DIAGNOSTICS asked = ROW_COUNT;
  RETURN asked;
END $$;
