-- What forbids calls in a whole workspace: suppressed numbers and the emergency stop. Each change takes the workspace lock,
-- as every claim does, so that no dial can follow its answer.

CREATE INDEX suppressions_workspace_id_created_at_id_idx ON suppressions (workspace_id, created_at, id);

-- Numbers that must not be called; a waiting recipient with one is settled SUPPRESSED by the claim, at its turn. The caller
-- keeps a list to a length that holds the lock briefly. Safe to repeat: what is there keeps its reason and its time.
CREATE FUNCTION add_suppressions(p_workspace uuid, p_phones text[], p_reasons text[], OUT added integer) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM lock_workspace(p_workspace);
  INSERT INTO suppressions (workspace_id, phone, reason)
    SELECT p_workspace, given.phone, given.reason FROM unnest(p_phones, p_reasons) AS given (phone, reason)
    ON CONFLICT (workspace_id, phone) DO NOTHING;
  GET DIAGNOSTICS added = ROW_COUNT;
  PERFORM notify_lanes(p_workspace);
END $$;

-- Recipients that were settled SUPPRESSED stay so.
CREATE FUNCTION remove_suppressions(p_workspace uuid, p_phones text[], OUT removed integer) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM lock_workspace(p_workspace);
  DELETE FROM suppressions WHERE workspace_id = p_workspace AND phone = ANY (p_phones);
  GET DIAGNOSTICS removed = ROW_COUNT;
END $$;

-- The emergency stop: while it is on, no call of the workspace starts. Setting what is set already is no error and keeps its
-- time. A command id that was seen already changes nothing. Returns the batches whose runs have to look again.
CREATE FUNCTION stop_workspace(p_workspace uuid, p_stopped boolean, p_actor text, p_reason text, p_command_id text)
RETURNS TABLE (batch_id uuid) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM lock_workspace(p_workspace);
  IF NOT EXISTS (SELECT FROM audit_events WHERE command_id = p_command_id) THEN
    UPDATE workspaces SET stopped_at = CASE WHEN p_stopped THEN dialwright_now() END WHERE id = p_workspace AND (stopped_at IS NULL) = p_stopped;
    INSERT INTO audit_events (workspace_id, actor, action, command_id, applied, detail)
    VALUES (p_workspace, p_actor, CASE WHEN p_stopped THEN 'emergency stop' ELSE 'lift emergency stop' END, p_command_id, FOUND,
      jsonb_build_object('reason', p_reason));
    PERFORM notify_lanes(p_workspace);
  END IF;
  RETURN QUERY SELECT b.id FROM batches b
    WHERE b.workspace_id = p_workspace AND b.status IN ('SCHEDULED', 'PENDING', 'RUNNING') AND b.deleted_at IS NULL;
END $$;
