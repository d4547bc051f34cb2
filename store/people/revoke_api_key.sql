-- Ends a key at once. Returns REVOKED (also when it was), NOT_FOUND, or LAST_ADMIN: of the admin keys of a workspace
-- one that does not expire stays. The admin keys are locked in one order, so that two that are revoked at the same
-- moment see each other.
CREATE OR REPLACE FUNCTION revoke_api_key(p_workspace uuid, p_id uuid, p_actor jsonb, p_command text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  ended api_keys;
BEGIN
  PERFORM FROM api_keys WHERE workspace_id = p_workspace AND role = 'admin' ORDER BY id FOR UPDATE;
  SELECT * INTO ended FROM api_keys WHERE id = p_id AND workspace_id = p_workspace FOR UPDATE;
  IF NOT FOUND THEN RETURN 'NOT_FOUND'; END IF;
  IF ended.revoked_at IS NOT NULL THEN RETURN 'REVOKED'; END IF;
  IF ended.role = 'admin' AND ended.expires_at IS NULL AND NOT EXISTS (SELECT FROM api_keys WHERE id <> p_id
    AND workspace_id = p_workspace AND role = 'admin' AND revoked_at IS NULL AND expires_at IS NULL)
  THEN RETURN 'LAST_ADMIN'; END IF;
  UPDATE api_keys SET revoked_at = dialwright_now() WHERE id = p_id AND revoked_at IS NULL;
  PERFORM record_audit(p_workspace, p_actor, 'revoke key', jsonb_build_object('commandId', p_command,
    'target', jsonb_build_object('kind', 'apiKey', 'id', p_id),
    'detail', jsonb_build_object('key', p_id, 'name', ended.name)));
  RETURN 'REVOKED';
END $$;
