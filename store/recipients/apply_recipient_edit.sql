-- Writes a change of a recipient that waits: see edit_recipient. Returns EDITED, or why nothing is written:
-- EMPTY_PERIOD or TOO_LARGE. The caller holds W and the recipient's row (s, as it is under the lock), and has looked
-- at its state.
CREATE OR REPLACE FUNCTION apply_recipient_edit(s recipient_states, p_patch jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  earliest timestamptz := CASE WHEN p_patch ? 'notBefore' THEN (p_patch ->> 'notBefore')::timestamptz
    ELSE s.not_before END;
  latest timestamptz := CASE WHEN p_patch ? 'notAfter' THEN (p_patch ->> 'notAfter')::timestamptz ELSE s.not_after END;
  zone_name text := p_patch ->> 'timeZone';
  merged jsonb;
BEGIN
  SELECT jsonb_strip_nulls(r.variables
      || CASE WHEN p_patch ? 'timeZone' AND lower(btrim(r.variables ->> 'timezone')) IS NOT DISTINCT FROM
          lower(r.time_zone) THEN jsonb_build_object('timezone', zone_name) ELSE '{}' END
      || coalesce(p_patch -> 'variables', '{}')) INTO merged FROM recipients r WHERE r.id = s.recipient_id;
  IF latest <= earliest THEN RETURN 'EMPTY_PERIOD'; END IF;
  IF p_patch ? 'variables' AND octet_length(merged::text) > 65536 THEN RETURN 'TOO_LARGE'; END IF;

  UPDATE recipients r SET
    time_zone = CASE WHEN p_patch ? 'timeZone' THEN zone_name ELSE r.time_zone END,
    variables = merged
    WHERE r.id = s.recipient_id;
  s.zone_set := coalesce(p_patch ->> 'zoneSet', s.zone_set);
  -- Who waits for something else waits for that too.
  IF p_patch ? 'notBefore' THEN
    s.due_at := CASE WHEN s.wait_reason IS NULL THEN coalesce(earliest, '-infinity')
      ELSE greatest(s.due_at, earliest) END;
  END IF;
  -- Claims have passed the place that it would have: it waits after those who wait now.
  PERFORM FROM claim_zones(s.batch_id, dialwright_now(), true) z
    WHERE z.zone_set = s.zone_set AND (s.due_at <= '-infinity' AND s.ordinal < z.ordinal
      OR s.due_at > '-infinity' AND (s.due_at, s.ordinal) <= (z.timed_due_at, z.timed_ordinal));
  IF FOUND THEN s.due_at := dialwright_now(); END IF;
  UPDATE recipient_states SET
    zone_set = s.zone_set,
    not_before = earliest,
    not_after = latest,
    due_at = s.due_at
    WHERE recipient_id = s.recipient_id AND state = s.state;
  RETURN 'EDITED';
END $$;
