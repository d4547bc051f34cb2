-- Confirms an import under review (confirm_import) and records who did, in one statement: W is held for that alone. A
-- command id that was recorded already counts as done. p_by: actor and commandId.
CREATE OR REPLACE FUNCTION confirm_import_once(p_workspace uuid, p_import uuid, p_from text[], p_by jsonb,
  OUT result text, OUT status text) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM lock_workspace(p_workspace);
  IF EXISTS (SELECT FROM audit_events WHERE command_id = p_by ->> 'commandId') THEN
    result := 'CONFIRMED';
    RETURN;
  END IF;
  SELECT c.result, c.status INTO result, status FROM confirm_import(p_workspace, p_import, p_from) c;
  IF result <> 'CONFIRMED' THEN RETURN; END IF;
  INSERT INTO audit_events (workspace_id, batch_id, actor, action, command_id, detail)
    SELECT p_workspace, i.batch_id, p_by ->> 'actor', 'confirm import', p_by ->> 'commandId',
      jsonb_build_object('importId', i.id)
    FROM imports i WHERE i.id = p_import;
END $$;
