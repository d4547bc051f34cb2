-- The provider, which lists every call it has ever taken, knows none with this reference. Two absents at least a settle
-- delay apart, and no call id: NOT_PLACED (a fact would have moved it out of UNCERTAIN). The recipient then waits until
-- one more absent is seen after the confirm delay. A provider that cannot be asked until the hard end leaves it
-- UNCERTAIN (take_unsettled). Only adapters that declare `history` may call this. When the account now has another
-- identity version than the attempt, whoever was asked may never have had the call: nothing is noted. The caller asked
-- under the version that the account had when the attempt was taken. Versions only grow. So when attempt and account
-- have the same version now, the caller asked under that version. Returns the attempt's state.
CREATE OR REPLACE FUNCTION note_absent(p_attempt uuid, p_settle_delay interval,
  p_confirm_delay interval) RETURNS text LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  a attempts;
  t timestamptz;
  -- A delay that was made shorter since the first absence does not hurry the second.
  settle_delay interval;
BEGIN
  a := lock_attempt(p_attempt);
  t := dialwright_now();
  settle_delay := greatest(p_settle_delay, a.absent_delay_ms * interval '1 ms');
  IF a.state NOT IN ('UNCERTAIN', 'NOT_PLACED') OR a.by_verdict OR a.provider_call_id IS NOT NULL
    OR a.identity_version <> (SELECT identity_version FROM provider_accounts WHERE id = a.provider_account_id) THEN
    RETURN a.state;
  END IF;
  IF a.state = 'NOT_PLACED' THEN
    UPDATE attempts SET settle_at = NULL, absent_count = absent_count + 1, absent_at = t WHERE id = a.id;
    UPDATE recipient_states SET due_at = greatest(t, not_before), wait_reason = NULL
      -- CASE: a bare state would let the planner take the index of all who wait.
      WHERE recipient_id = a.recipient_id AND last_attempt_id = a.id
        AND CASE state WHEN 'WAITING' THEN wait_reason = 'CONFIRMING_ABSENCE' END;
    PERFORM notify_lanes(a.workspace_id);
  ELSIF a.absent_count = 0 THEN
    UPDATE attempts SET absent_count = 1, absent_at = t, settle_at = t + p_settle_delay,
      absent_delay_ms = extract(epoch FROM p_settle_delay) * 1000 WHERE id = a.id;
  ELSIF t < a.absent_at + settle_delay THEN
    UPDATE attempts SET settle_at = a.absent_at + settle_delay WHERE id = a.id;
  ELSE
    UPDATE attempts SET state = 'NOT_PLACED', absent_count = absent_count + 1, absent_at = t, ended_at = t,
      slot_held = false, displaced = false,
      spends_attempt = false, settle_at = t + p_confirm_delay,
      -- When waiting for that look ends: the provider is asked for ten minutes at least.
      hard_end_at = greatest(hard_end_at, t + p_confirm_delay + interval '10 minutes') WHERE id = a.id;
    PERFORM requeue_recipient(a, 'infinity', 'CONFIRMING_ABSENCE');
    PERFORM notify_lanes(a.workspace_id);
  END IF;
  SELECT state INTO a.state FROM attempts WHERE id = p_attempt;
  RETURN a.state;
END $$;
