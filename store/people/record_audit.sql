-- Records what somebody did, or was refused, in the transaction that does it. p_actor: the word of one of our own parts
-- ('dialwright', 'temporal', 'setup'), or {id, name, from} of a caller. p_entry has what there is: batchId, attemptId,
-- target {kind, id}, applied, detail, before and after (changed_fields). commandId: it is recorded once for each.
-- answer: what a repetition of the command is told. Returns false, and records nothing, when it was recorded already.
-- Runs with the rights of the owner: the role that runs the product writes no entries by itself, and gives no time.
CREATE OR REPLACE FUNCTION record_audit(p_workspace uuid, p_actor jsonb, p_action text, p_entry jsonb DEFAULT '{}')
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE is_applied CONSTANT boolean := coalesce((p_entry ->> 'applied')::boolean, true);
BEGIN
  IF p_entry ->> 'commandId' IS NOT NULL
    AND NOT note_command(p_entry ->> 'commandId', p_workspace, is_applied, p_entry -> 'answer') THEN
    RETURN false;
  END IF;
  INSERT INTO audit_events (workspace_id, actor, actor_name, actor_from, action, applied, target_kind, target_id,
      batch_id, attempt_id, detail, before, after)
    VALUES (p_workspace, CASE jsonb_typeof(p_actor) WHEN 'string' THEN p_actor #>> '{}' ELSE p_actor ->> 'id' END,
      p_actor ->> 'name', p_actor ->> 'from', p_action, is_applied, p_entry #>> '{target,kind}',
      (p_entry #>> '{target,id}')::uuid, (p_entry ->> 'batchId')::uuid, (p_entry ->> 'attemptId')::uuid,
      coalesce(p_entry -> 'detail', '{}'), p_entry -> 'before', p_entry -> 'after');
  RETURN true;
END $$;
