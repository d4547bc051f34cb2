-- Records that somebody made a row of the settings, which is there already in this transaction.
CREATE OR REPLACE FUNCTION record_created(p_workspace uuid, p_actor jsonb, p_kind text, p_id uuid) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE made CONSTANT jsonb := CASE p_kind
    WHEN 'agent' THEN (SELECT to_jsonb(r) FROM agents r WHERE r.id = p_id)
    WHEN 'phoneNumber' THEN (SELECT to_jsonb(r) FROM phone_numbers r WHERE r.id = p_id)
    WHEN 'providerAccount' THEN (SELECT to_jsonb(r) FROM provider_accounts r WHERE r.id = p_id) END;
BEGIN
  PERFORM record_change(p_workspace, p_actor, CASE p_kind WHEN 'agent' THEN 'create agent'
    WHEN 'phoneNumber' THEN 'create number' ELSE 'create account' END, p_kind, NULL, jsonb_strip_nulls(made));
END $$;
