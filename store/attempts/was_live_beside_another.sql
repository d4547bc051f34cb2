-- Whether the call of this attempt, which held no slot, was live at the same time as a newer call to the same recipient
-- or number that is live now. If so, an audit event records it for an operator to see. p_until: when the call of this
-- attempt ended; infinity when it is live.
CREATE OR REPLACE FUNCTION was_live_beside_another(a attempts,
  p_until timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  IF a.slot_held THEN RETURN false; END IF;
  PERFORM FROM attempts o WHERE o.id <> a.id AND o.slot_held AND NOT o.displaced AND o.dialing_at < p_until
    AND (o.recipient_id = a.recipient_id OR o.workspace_id = a.workspace_id AND o.phone_key = a.phone_key);
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM record_audit(a.workspace_id, '"dialwright"', 'two live calls', jsonb_build_object('batchId', a.batch_id,
    'attemptId', a.id, 'detail', jsonb_build_object('was', a.state)));
  RETURN true;
END $$;
