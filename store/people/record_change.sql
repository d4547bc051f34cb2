-- Records a change of one row of the settings, with what differs before and after; nothing when nothing differs. A row
-- that is new has no p_before.
CREATE OR REPLACE FUNCTION record_change(p_workspace uuid, p_actor jsonb, p_action text, p_kind text, p_before jsonb,
  p_after jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE changed CONSTANT jsonb := changed_fields(p_before, p_after);
BEGIN
  IF changed -> 'before' = '{}' AND changed -> 'after' = '{}' THEN RETURN; END IF;
  PERFORM record_audit(p_workspace, p_actor, p_action, changed
    || jsonb_build_object('target', jsonb_build_object('kind', p_kind, 'id', p_after -> 'id')));
END $$;
