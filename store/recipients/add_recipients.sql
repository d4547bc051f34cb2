-- Adds recipients to a batch that still takes them. The batch's row is locked, so that a finish cannot slip between
-- check and insert. Their zones were chosen by the hours given: HOURS_CHANGED when the batch has others by now. result:
-- ADDED, NOT_FOUND, NOT_ALLOWED or HOURS_CHANGED.
CREATE OR REPLACE FUNCTION add_recipients(p_workspace uuid, p_batch uuid, p_from text[], p_rows jsonb, p_hours jsonb,
  OUT result text, OUT status text, OUT version integer)
LANGUAGE plpgsql AS $$
DECLARE
  hours jsonb;
  kind text;
BEGIN
  PERFORM lock_arrivals(p_batch);
  SELECT b.status, b.kind, jsonb_build_object('hoursIn', b.hours_in, 'purpose', b.purpose,
      'unknownZone', b.unknown_zone) INTO status, kind, hours
    FROM batches b WHERE id = p_batch AND workspace_id = p_workspace AND deleted_at IS NULL FOR NO KEY UPDATE;
  IF NOT FOUND THEN result := 'NOT_FOUND'; RETURN; END IF;
  IF NOT status = ANY (p_from) OR kind = 'TEST' THEN result := 'NOT_ALLOWED'; RETURN; END IF;
  IF hours <> p_hours THEN result := 'HOURS_CHANGED'; RETURN; END IF;
  PERFORM insert_recipients(p_batch, NULL, p_rows);
  UPDATE batches b SET version = b.version + 1 WHERE id = p_batch RETURNING b.version INTO version;
  PERFORM notify_lanes(p_workspace);
  result := 'ADDED';
END $$;
