-- Deletes a number, an agent or an account (p_kind) that no batch ever had: what was used stays, since the records of
-- its calls name it, and is disabled instead. Holds its row against every batch that would name it, and no W: no call
-- is made with what no batch has, and the check of the keys that refer to a number reads the attempts of the workspace.
-- result: DELETED; NOT_FOUND; USED: a batch has it, a deleted one too, or a call that is still unknown was told of it;
-- BOUND: a number has the agent as its outbound agent; HAS_PARTS: the account has numbers or agents.
CREATE OR REPLACE FUNCTION delete_unused(p_workspace uuid, p_kind text, p_id uuid, p_actor jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  found_row jsonb;
  result text := 'DELETED';
BEGIN
  CASE p_kind
    WHEN 'phoneNumber' THEN
      SELECT to_jsonb(n) INTO found_row FROM phone_numbers n WHERE id = p_id AND workspace_id = p_workspace FOR UPDATE;
      IF EXISTS (SELECT FROM batches WHERE workspace_id = p_workspace AND from_number_id = p_id) THEN
        result := 'USED';
      END IF;
    WHEN 'agent' THEN
      SELECT to_jsonb(a) INTO found_row FROM agents a WHERE id = p_id AND workspace_id = p_workspace FOR UPDATE;
      IF EXISTS (SELECT FROM batches WHERE workspace_id = p_workspace AND agent_id = p_id) THEN
        result := 'USED';
      ELSIF EXISTS (SELECT FROM phone_numbers WHERE workspace_id = p_workspace AND outbound_agent_id = p_id) THEN
        result := 'BOUND';
      END IF;
    WHEN 'providerAccount' THEN
      SELECT to_jsonb(p) INTO found_row FROM provider_accounts p WHERE id = p_id AND workspace_id = p_workspace
        FOR UPDATE;
      IF EXISTS (SELECT FROM phone_numbers WHERE workspace_id = p_workspace AND provider_account_id = p_id)
        OR EXISTS (SELECT FROM agents WHERE workspace_id = p_workspace AND provider_account_id = p_id) THEN
        result := 'HAS_PARTS';
      ELSIF EXISTS (SELECT FROM call_events WHERE provider_account_id = p_id) THEN
        result := 'USED';
      END IF;
  END CASE;
  IF found_row IS NULL THEN RETURN 'NOT_FOUND'; END IF;
  IF result <> 'DELETED' THEN RETURN result; END IF;
  DELETE FROM phone_numbers WHERE p_kind = 'phoneNumber' AND id = p_id;
  DELETE FROM agents WHERE p_kind = 'agent' AND id = p_id;
  DELETE FROM webhook_gaps WHERE p_kind = 'providerAccount' AND provider_account_id = p_id;
  DELETE FROM provider_accounts WHERE p_kind = 'providerAccount' AND id = p_id;
  PERFORM record_audit(p_workspace, p_actor, CASE p_kind WHEN 'phoneNumber' THEN 'delete number'
      WHEN 'agent' THEN 'delete agent' ELSE 'delete account' END,
    jsonb_build_object('target', jsonb_build_object('kind', p_kind, 'id', p_id),
      'before', changed_fields(jsonb_strip_nulls(found_row), NULL) -> 'before'));
  PERFORM note_change_of(p_workspace, p_kind, p_id);
  RETURN 'DELETED';
END $$;
