-- Makes a key that takes over from another one of a workspace, which expires after the overlap, or before if it would.
-- p_key: id of the new one (NULL: any), hash in hex, prefix, overlapMs. The new one has the same role and name and,
-- counted from now, the same life. Returns its id; NULL when there is no such key, or it is of no use any more.
CREATE OR REPLACE FUNCTION roll_api_key(p_workspace uuid, p_id uuid, p_key jsonb, p_actor text, p_command text)
RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
  old api_keys;
  t timestamptz;
  made uuid;
BEGIN
  SELECT * INTO old FROM api_keys WHERE id = p_id AND workspace_id = p_workspace FOR UPDATE;
  t := dialwright_now();
  IF NOT FOUND OR old.revoked_at IS NOT NULL OR old.expires_at <= t THEN RETURN NULL; END IF;
  made := create_api_key(p_workspace, p_key || jsonb_build_object('name', old.name, 'role', old.role,
    'expiresAt', t + (old.expires_at - old.created_at)), p_actor, NULL);
  UPDATE api_keys SET expires_at = least(expires_at, t + make_interval(secs => (p_key ->> 'overlapMs')::float8 / 1000))
    WHERE id = old.id;
  INSERT INTO audit_events (workspace_id, actor, action, command_id, detail)
    VALUES (p_workspace, p_actor, 'roll key', p_command,
      jsonb_build_object('key', old.id, 'name', old.name, 'successor', made, 'overlapMs', p_key -> 'overlapMs'))
    ON CONFLICT (command_id) DO NOTHING;
  RETURN made;
END $$;
