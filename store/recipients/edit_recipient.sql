-- Changes a recipient that waits: its zone, variables, and the times between which it may be called. p_patch has what
-- is given: timeZone with the zoneSet that follows from it, variables (merged; null takes one out), notBefore,
-- notAfter. Under W, so that no call begins with what it was before once the change is answered. The zone set was
-- chosen by the hours given (p_hours): HOURS_CHANGED when the batch has others by now. The variable `timezone` follows
-- the zone while it says the same. result: EDITED, NOT_FOUND, NOT_ALLOWED (status is the batch's), NOT_WAITING,
-- EMPTY_PERIOD, TOO_LARGE (variables of more than 64 KiB, as in a row of a file) or HOURS_CHANGED. Recorded by the
-- names of the fields, never by what is in them.
CREATE OR REPLACE FUNCTION edit_recipient(p_workspace uuid, p_recipient uuid, p_from text[], p_patch jsonb,
  p_hours jsonb, p_actor jsonb, OUT result text, OUT status text) LANGUAGE plpgsql AS $$
DECLARE
  s recipient_states;
  b batches;
BEGIN
  IF p_patch ? 'zoneSet' THEN
    PERFORM lock_arrivals((SELECT batch_id FROM recipient_states WHERE recipient_id = p_recipient));
  END IF;
  PERFORM lock_workspace(p_workspace);
  SELECT * INTO s FROM recipient_states WHERE recipient_id = p_recipient FOR NO KEY UPDATE;
  SELECT * INTO b FROM batches WHERE id = s.batch_id AND workspace_id = p_workspace AND deleted_at IS NULL
    FOR NO KEY UPDATE;
  status := b.status;
  result := CASE
    WHEN b.id IS NULL THEN 'NOT_FOUND'
    WHEN NOT b.status = ANY (p_from) OR b.kind = 'TEST' THEN 'NOT_ALLOWED'
    WHEN s.state <> 'WAITING' THEN 'NOT_WAITING'
    WHEN jsonb_build_object('hoursIn', b.hours_in, 'purpose', b.purpose, 'unknownZone', b.unknown_zone) <> p_hours
      THEN 'HOURS_CHANGED'
    ELSE apply_recipient_edit(s, p_patch) END;
  IF result <> 'EDITED' THEN RETURN; END IF;
  -- Openings of a zone that nobody had have to be written; until they are, nobody in it is called.
  INSERT INTO batch_zones VALUES (b.id, coalesce(p_patch ->> 'zoneSet', s.zone_set)) ON CONFLICT DO NOTHING;
  UPDATE batches SET version = version + 1, openings_until = CASE WHEN NOT FOUND THEN openings_until END
    WHERE id = b.id;
  PERFORM record_audit(p_workspace, p_actor, 'edit recipient', jsonb_build_object('batchId', b.id,
    'target', jsonb_build_object('kind', 'recipient', 'id', p_recipient),
    'detail', jsonb_build_object('recipientId', p_recipient,
      'fields', (SELECT jsonb_agg(field ORDER BY field) FROM jsonb_object_keys(p_patch - 'zoneSet') AS k (field)))));
  PERFORM notify_lanes(p_workspace);
END $$;
