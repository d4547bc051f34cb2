-- Makes a batch (p_batch: see create_batch) with the recipients of another one, if asked: in order of arrival, in the
-- one shape that makes recipients, so many at once. All of it, or nothing. Safe to repeat with an id. Zone sets are
-- copied too, and derived again when the original may be between two clocks, or has another one than the settings.
CREATE OR REPLACE FUNCTION duplicate_batch(p_batch jsonb, p_original uuid, p_with_recipients boolean) RETURNS uuid
LANGUAGE plpgsql AS $$
DECLARE
  made uuid := create_batch(p_batch, '[]');
  chunk_rows CONSTANT integer := 1000;
  chunk jsonb;
  last bigint := 0;
BEGIN
  -- It has them when an earlier try of this request was committed.
  IF NOT p_with_recipients OR EXISTS (SELECT FROM recipient_states WHERE batch_id = made) THEN RETURN made; END IF;
  -- Read before the first recipient: whose clock counts changes in a DRAFT only, and none becomes one again.
  UPDATE batches m SET zones_through = 0 FROM batches o WHERE m.id = made AND o.id = p_original AND (o.status = 'DRAFT'
    OR (o.hours_in, o.unknown_zone, o.purpose) IS DISTINCT FROM (m.hours_in, m.unknown_zone, m.purpose));
  LOOP
    SELECT max(r.ordinal), jsonb_agg(jsonb_build_object(
        'phone', r.phone,
        'phoneKey', r.phone_key,
        'original', r.original_phone,
        'name', r.name,
        'variables', r.variables,
        'metadata', r.metadata,
        'sipHeaders', r.sip_headers,
        'skipPhoneCheck', r.skip_phone_check,
        'overrideAgentId', r.override_agent_id,
        'overrideAgentVersion', r.override_agent_version,
        'timeZone', r.time_zone,
        'notBefore', r.not_before,
        'notAfter', r.not_after,
        'zoneSet', r.zone_set)
        || CASE WHEN r.other_keys IS NULL THEN '{}' ELSE jsonb_build_object('otherKeys', r.other_keys) END
        ORDER BY r.ordinal)
      INTO last, chunk
      FROM (SELECT s.phone_key, s.other_keys, s.not_before, s.not_after, s.zone_set, c.*
        FROM recipient_states s JOIN recipients c ON c.id = s.recipient_id
        WHERE s.batch_id = p_original AND s.ordinal > last
        ORDER BY s.ordinal LIMIT chunk_rows) r;
    EXIT WHEN chunk IS NULL;
    PERFORM insert_recipients(made, NULL, chunk);
  END LOOP;
  RETURN made;
END $$;
