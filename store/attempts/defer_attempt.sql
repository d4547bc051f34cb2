-- The provider would not take the call now, for a reason that is not the recipient's: nothing is spent and the
-- recipient waits. `capacity` backs the number off and lowers its ceiling. `payment` and `permission` would meet every
-- call: the batch pauses and says why, and the caller holds W. The caller holds both rows.
CREATE OR REPLACE FUNCTION defer_attempt(a attempts, p_deferral text, p_end_reason text, p_retry_after interval)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE t timestamptz := dialwright_now();
BEGIN
  UPDATE attempts SET state = 'ENDED', outcome = 'PROVIDER_ERROR', end_reason = p_end_reason, by_verdict = false,
    deferral = p_deferral, ended_at = t,
    provider_call_id = a.provider_call_id, accepted_at = a.accepted_at, slot_held = false, displaced = false,
      spends_attempt = false, settle_at = NULL WHERE id = a.id;
  a.end_reason := p_end_reason;
  IF p_deferral = 'capacity' THEN
    PERFORM lower_ceiling(a, t, p_retry_after);
  ELSE
    PERFORM pause_for_deferral(a, p_deferral);
  END IF;
  PERFORM requeue_recipient(a, t, 'PROVIDER_REFUSED');
  PERFORM notify_lanes(a.workspace_id);
END $$;
