-- Confirms an import under review (confirm_import) and records who did, in one statement: W is held for that alone. A
-- command id that was recorded already counts as done. p_by: actor and commandId.
CREATE OR REPLACE FUNCTION confirm_import_once(p_workspace uuid, p_import uuid, p_from text[], p_by jsonb,
  OUT result text, OUT status text) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM lock_workspace(p_workspace);
  IF EXISTS (SELECT FROM commands WHERE command_id = p_by ->> 'commandId') THEN
    result := 'CONFIRMED';
    RETURN;
  END IF;
  SELECT c.result, c.status INTO result, status FROM confirm_import(p_workspace, p_import, p_from) c;
  IF result <> 'CONFIRMED' THEN RETURN; END IF;
  PERFORM record_audit(p_workspace, p_by -> 'actor', 'confirm import', jsonb_build_object(
      'commandId', p_by -> 'commandId', 'batchId', i.batch_id,
      'target', jsonb_build_object('kind', 'import', 'id', i.id), 'detail', jsonb_build_object('importId', i.id)))
    FROM imports i WHERE i.id = p_import;
END $$;
