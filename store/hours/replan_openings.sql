-- New openings in place of those of a hours version, because what they were computed by has changed: the zone data.
-- Under W, so that no claim sees the batch between its old openings and the new. Changes nothing when the version has
-- moved on.
CREATE OR REPLACE FUNCTION replan_openings(p_batch uuid, p_hours_version integer, p_planned jsonb)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE b batches;
BEGIN
  PERFORM lock_workspace((SELECT workspace_id FROM batches WHERE id = p_batch));
  UPDATE batches SET hours_version = hours_version + 1 WHERE id = p_batch AND hours_version = p_hours_version
    RETURNING * INTO b;
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM write_openings(b.id, b.hours_version, p_planned);
  PERFORM notify_lanes(b.workspace_id);
END $$;
