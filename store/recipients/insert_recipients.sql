-- Recipients from validated rows, in order. One shape for JSON requests and confirmed imports.
CREATE OR REPLACE FUNCTION insert_recipients(p_batch uuid, p_import uuid,
  p_rows jsonb) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE added integer;
BEGIN
  WITH rows AS MATERIALIZED (
    -- Ids and ordinals are drawn before the inserts, so that nothing has to be matched afterwards.
    SELECT new_id() AS id, nextval('recipients_ordinal_seq') AS ordinal, r
      FROM jsonb_array_elements(p_rows) WITH ORDINALITY AS given (r, place) ORDER BY place
  ), added AS (
    INSERT INTO recipients (id, ordinal, batch_id, import_id, phone, name, variables, metadata, sip_headers,
      skip_phone_check, override_agent_id, override_agent_version, time_zone, original_phone)
    OVERRIDING SYSTEM VALUE
    SELECT id, ordinal, p_batch, p_import, r ->> 'phone', r ->> 'name', coalesce(r -> 'variables', '{}'),
      coalesce(r -> 'metadata', '{}'), coalesce(r -> 'sipHeaders', '{}'),
      coalesce((r ->> 'skipPhoneCheck')::boolean, false), r ->> 'overrideAgentId', r ->> 'overrideAgentVersion',
      r ->> 'timeZone', r ->> 'original'
    FROM rows
  )
  INSERT INTO recipient_states (recipient_id, batch_id, ordinal, phone, phone_key, other_keys, zone_set, generation,
    not_before, not_after, due_at)
    SELECT id, p_batch, rows.ordinal, r ->> 'phone', coalesce(r ->> 'phoneKey', r ->> 'phone'),
      CASE WHEN r ? 'otherKeys' THEN ARRAY(SELECT jsonb_array_elements_text(r -> 'otherKeys')) END,
      coalesce(r ->> 'zoneSet', ''), b.generation,
      (r ->> 'notBefore')::timestamptz, (r ->> 'notAfter')::timestamptz,
      -- A time that is over is none to wait for: nobody comes to wait before the cursors of the claims.
      CASE WHEN (r ->> 'notBefore')::timestamptz > dialwright_now() THEN (r ->> 'notBefore')::timestamptz
        ELSE '-infinity' END
    FROM rows, (SELECT generation FROM batches WHERE id = p_batch) b;
  GET DIAGNOSTICS added = ROW_COUNT;
  RETURN added;
END $$;
