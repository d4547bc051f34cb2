-- The emergency stop: while it is on, no call of the workspace starts. Setting what is set already is no error and
-- keeps its time. A command id that was seen already changes nothing. Returns the batches whose runs have to look
-- again.
CREATE OR REPLACE FUNCTION stop_workspace(p_workspace uuid, p_stopped boolean, p_actor text, p_reason text,
  p_command_id text)
RETURNS TABLE (batch_id uuid) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM lock_workspace(p_workspace);
  IF NOT EXISTS (SELECT FROM audit_events WHERE command_id = p_command_id) THEN
    UPDATE workspaces SET stopped_at = CASE WHEN p_stopped THEN dialwright_now() END
      WHERE id = p_workspace AND (stopped_at IS NULL) = p_stopped;
    INSERT INTO audit_events (workspace_id, actor, action, command_id, applied, detail)
    VALUES (p_workspace, p_actor, CASE WHEN p_stopped THEN 'emergency stop'
      ELSE 'lift emergency stop' END, p_command_id, FOUND,
      jsonb_build_object('reason', p_reason));
    PERFORM notify_lanes(p_workspace);
  END IF;
  RETURN QUERY SELECT b.id FROM batches b
    WHERE b.workspace_id = p_workspace AND b.status IN ('SCHEDULED', 'PENDING', 'RUNNING') AND b.deleted_at IS NULL;
END $$;
