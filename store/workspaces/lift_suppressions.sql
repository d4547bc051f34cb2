-- Allows numbers again: all of them and the record of the command in one commit, so that nothing is left when the
-- caller dies. A command id that was seen already removes nothing, since somebody may have added one again meanwhile.
-- The caller keeps the list to a length that holds W briefly. Recipients that were settled SUPPRESSED stay so.
CREATE OR REPLACE FUNCTION lift_suppressions(p_workspace uuid, p_keys text[], p_actor jsonb, p_command_id text,
  OUT removed integer) LANGUAGE plpgsql AS $$
BEGIN
  removed := 0;
  PERFORM lock_workspace(p_workspace);
  IF NOT record_audit(p_workspace, p_actor, 'unsuppress', jsonb_build_object('commandId', p_command_id,
    'detail', jsonb_build_object('count', cardinality(p_keys)))) THEN RETURN; END IF;
  DELETE FROM suppressions WHERE workspace_id = p_workspace AND phone_key = ANY (p_keys);
  GET DIAGNOSTICS removed = ROW_COUNT;
END $$;
