-- Makes a key that takes over from another one of a workspace, which expires after the overlap, or before if it would.
-- p_key: id of the new one (NULL: any), hash in hex, prefix, overlapMs. The new one has the same role and name and,
-- counted from now, the same life. Safe to repeat with an id, also when the old one is over by then: else nobody would
-- have seen the new one. id: of the new one. result: ROLLED, NOT_FOUND, OVER when the old one was of no use before, or
-- TWICE when another key (id) took over from it already: a second life would be counted from the end of the overlap.
CREATE OR REPLACE FUNCTION roll_api_key(p_workspace uuid, p_id uuid, p_key jsonb, p_actor jsonb, p_command text,
  OUT result text, OUT id uuid) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  old api_keys;
  t timestamptz;
  life interval;
BEGIN
  SELECT * INTO old FROM api_keys k WHERE k.id = p_id AND k.workspace_id = p_workspace FOR UPDATE;
  IF NOT FOUND THEN result := 'NOT_FOUND'; RETURN; END IF;
  t := dialwright_now();
  IF old.successor_id IS NOT NULL AND old.successor_id IS DISTINCT FROM (p_key ->> 'id')::uuid THEN
    result := 'TWICE';
    id := old.successor_id;
    RETURN;
  END IF;
  IF old.successor_id IS NULL AND (old.revoked_at IS NOT NULL OR old.expires_at <= t) THEN
    result := 'OVER';
    RETURN;
  END IF;
  -- Of a key that is there already only the hash is replaced.
  life := CASE WHEN old.successor_id IS NULL THEN old.expires_at - old.created_at END;
  id := create_api_key(p_workspace, p_key || jsonb_build_object('name', old.name, 'role', old.role,
    'expiresAt', t + life), p_actor, NULL);
  IF old.successor_id IS NULL THEN
    UPDATE api_keys k SET successor_id = roll_api_key.id,
      expires_at = least(k.expires_at, t + make_interval(secs => (p_key ->> 'overlapMs')::float8 / 1000))
      WHERE k.id = old.id;
    PERFORM record_audit(p_workspace, p_actor, 'roll key', jsonb_build_object('commandId', p_command,
      'target', jsonb_build_object('kind', 'apiKey', 'id', old.id),
      'detail', jsonb_build_object('key', old.id, 'name', old.name, 'successor', roll_api_key.id,
        'overlapMs', p_key -> 'overlapMs')));
  END IF;
  result := 'ROLLED';
END $$;
