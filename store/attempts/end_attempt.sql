-- Ends an attempt: writes its outcome, frees its slot, and moves its recipient by the retry policy or by the outcome
-- table. A later fact with another outcome is written in the same way; that withdraws a retry that was not dialled yet.
-- A later fact with the same outcome changes the attempt only. What a person has asked for meanwhile stands: who was
-- removed stays removed, and who waits because the batch was retried still waits, unless the call was answered or the
-- number is invalid. The caller holds both rows; what it knows of the call (its id, and that it was accepted) is in
-- `a`.
CREATE OR REPLACE FUNCTION end_attempt(a attempts, p_outcome text, p_end_reason text, p_ended_at timestamptz,
  p_duration_ms integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz := dialwright_now();
  b batches;
  r recipient_states;
  due timestamptz;
  is_known boolean := a.state = 'ENDED' AND a.outcome = p_outcome AND a.spends_attempt AND NOT a.by_verdict;
BEGIN
  SELECT * INTO b FROM batches WHERE id = a.batch_id;
  UPDATE attempts SET state = 'ENDED', outcome = p_outcome, end_reason = p_end_reason, by_verdict = false,
    deferral = NULL, ended_at = p_ended_at,
    provider_call_id = a.provider_call_id, accepted_at = a.accepted_at, duration_ms = p_duration_ms,
      slot_held = false, displaced = false, spends_attempt = true, settle_at = NULL,
    successful = CASE WHEN b.success_criterion ? 'minimumDurationMs'
      THEN p_outcome = 'ANSWERED' AND p_duration_ms >= (b.success_criterion ->> 'minimumDurationMs')::integer
        ELSE successful END WHERE id = a.id;
  IF is_known THEN RETURN; END IF;
  SELECT * INTO r FROM recipient_states WHERE recipient_id = a.recipient_id AND last_attempt_id = a.id;
  IF FOUND AND p_outcome NOT IN ('ANSWERED', 'INVALID_NUMBER')
    AND (r.last_error IS NOT DISTINCT FROM 'REMOVED' OR r.state = 'WAITING' AND r.generation > a.generation) THEN
    UPDATE recipient_states SET state = CASE WHEN state = 'WAITING' THEN state ELSE 'CANCELLED' END,
      last_outcome = p_outcome WHERE recipient_id = a.recipient_id AND last_attempt_id = a.id;
  ELSIF r.recipient_id IS NOT NULL THEN
    r.attempts_spent := r.attempts_spent + (NOT a.spends_attempt)::integer;
    IF retry_at(b, r, p_outcome, t) IS NOT NULL THEN
      -- It goes back to waiting: no cancel or finish may come in between.
      SELECT * INTO b FROM batches WHERE id = a.batch_id FOR SHARE;
      due := retry_at(b, r, p_outcome, t);
    END IF;
    UPDATE recipient_states SET state = CASE WHEN due IS NULL THEN recipient_state_of(p_outcome) ELSE 'WAITING' END,
      due_at = coalesce(due, due_at), wait_reason = CASE WHEN due IS NOT NULL
        THEN 'RETRY' END, attempts_spent = r.attempts_spent,
      last_outcome = p_outcome, last_error = CASE WHEN recipient_state_of(p_outcome) = 'FAILED' THEN p_end_reason END
      WHERE recipient_id = a.recipient_id AND last_attempt_id = a.id;
  END IF;
  PERFORM notify_lanes(a.workspace_id);
END $$;
