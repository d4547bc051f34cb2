-- Pauses the running batches that use one of some agents or from-numbers, because these can call nobody any more. The
-- caller holds W, so that no status moves meanwhile and no dial follows. Returns the batches that it paused: their runs
-- are to be woken.
CREATE OR REPLACE FUNCTION pause_batches(p_workspace uuid, p_used uuid[], p_reason text) RETURNS uuid[]
LANGUAGE plpgsql AS $$
DECLARE
  batch uuid;
  paused uuid[] := '{}';
BEGIN
  FOR batch IN SELECT id FROM batches WHERE workspace_id = p_workspace AND status = 'RUNNING' AND deleted_at IS NULL
    AND (agent_id = ANY (p_used) OR from_number_id = ANY (p_used)) ORDER BY id
  LOOP
    IF pause_batch(p_workspace, batch, p_reason) THEN paused := paused || batch; END IF;
  END LOOP;
  RETURN paused;
END $$;
