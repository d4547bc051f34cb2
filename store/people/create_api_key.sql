-- Makes a key. p_key: id (NULL: a new one), name, role, expiresAt, hash in hex, prefix. Safe to repeat with an id: the
-- hash is replaced, since the key of before was shown to nobody.
CREATE OR REPLACE FUNCTION create_api_key(p_workspace uuid, p_key jsonb, p_actor jsonb, p_command text) RETURNS uuid
LANGUAGE plpgsql AS $$
DECLARE
  made uuid;
BEGIN
  INSERT INTO api_keys AS k (id, workspace_id, name, role, key_hash, prefix, created_by, expires_at)
    VALUES (coalesce((p_key ->> 'id')::uuid, new_id()), p_workspace, p_key ->> 'name', p_key ->> 'role',
      decode(p_key ->> 'hash', 'hex'), p_key ->> 'prefix', coalesce(p_actor ->> 'id', p_actor #>> '{}'),
      (p_key ->> 'expiresAt')::timestamptz)
    ON CONFLICT (id) DO UPDATE SET key_hash = excluded.key_hash, prefix = excluded.prefix
      WHERE k.workspace_id = excluded.workspace_id AND k.last_used_at IS NULL
    RETURNING k.id INTO made;
  IF made IS NULL THEN RAISE EXCEPTION 'the key % is in use already', p_key ->> 'id'; END IF;
  PERFORM record_audit(p_workspace, p_actor, 'create key', jsonb_build_object('commandId', p_command,
    'target', jsonb_build_object('kind', 'apiKey', 'id', made), 'after', p_key - 'id' - 'hash',
    'detail', jsonb_build_object('key', made, 'name', p_key ->> 'name', 'role', p_key ->> 'role',
      'prefix', p_key ->> 'prefix')));
  RETURN made;
END $$;
