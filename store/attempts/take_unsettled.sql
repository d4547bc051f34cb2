-- SETTLE. Takes attempts whose time to be looked at has come, each by one settler at a time, and sets their next look.
-- DIALING past its deadline becomes UNCERTAIN. Past its hard end an attempt frees its slot and its recipient is settled
-- as UNCERTAIN, until a verdict or evidence comes; so is one that the provider did not know, when it could not be asked
-- once more until then. An accepted call is asked about for a minute more: no worker may have run when it ended, and
-- the provider knows how. One that was ended by a verdict frees its slot then. The rest is returned, for the provider
-- to be asked, and for the call to be hung up if somebody asked for that, with the identity the account has now. An
-- attempt whose absence was to be confirmed, and whose account has become another, is UNCERTAIN for good: nobody is
-- left who could confirm it.
CREATE OR REPLACE FUNCTION take_unsettled(p_limit integer, p_next_look interval)
RETURNS TABLE (attempt_id uuid, provider_account_id uuid, state text, hang_up_call_id text, identity_version integer)
LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET enable_incremental_sort = off AS $$
#variable_conflict use_column
DECLARE
  t timestamptz := dialwright_now();
  owed record;
  a attempts;
  account_identity integer;
  is_asked boolean;
BEGIN
  FOR owed IN SELECT x.id, x.recipient_id FROM attempts x WHERE x.settle_at <= t ORDER BY x.settle_at LIMIT p_limit LOOP
    PERFORM FROM recipient_states r WHERE r.recipient_id = owed.recipient_id FOR NO KEY UPDATE SKIP LOCKED;
    CONTINUE WHEN NOT FOUND;
    SELECT * INTO a FROM attempts x WHERE x.id = owed.id FOR NO KEY UPDATE SKIP LOCKED;
    CONTINUE WHEN NOT FOUND OR a.settle_at IS NULL OR a.settle_at > t;
    IF a.by_verdict THEN
      UPDATE attempts SET slot_held = false, displaced = false, settle_at = NULL WHERE id = a.id;
      PERFORM notify_lanes(a.workspace_id);
      CONTINUE;
    END IF;
    IF a.state = 'DIALING' THEN
      UPDATE attempts SET state = 'UNCERTAIN', end_reason = 'no answer recorded before the dial deadline'
        WHERE id = a.id;
      a.state := 'UNCERTAIN';
    END IF;
    SELECT p.identity_version INTO account_identity FROM provider_accounts p WHERE p.id = a.provider_account_id;
    IF t >= a.hard_end_at THEN
      is_asked := a.provider_call_id IS NOT NULL AND a.settle_at < a.hard_end_at + interval '60 s';
      UPDATE attempts SET state = 'UNCERTAIN', slot_held = false, displaced = false, ended_at = NULL,
        settle_at = CASE WHEN is_asked THEN t + p_next_look END, spends_attempt = true,
        end_reason = coalesce(end_reason, 'no end was reported before the hard end')
        WHERE id = a.id;
      UPDATE recipient_states SET state = 'UNCERTAIN', last_outcome = 'UNCERTAIN', wait_reason = NULL,
        attempts_spent = attempts_spent + (NOT a.spends_attempt)::integer
        -- CASE: a bare state would let the planner take the index of all who are in a call, or wait.
        WHERE recipient_id = a.recipient_id AND last_attempt_id = a.id
          AND CASE state WHEN 'IN_PROGRESS' THEN true WHEN 'WAITING' THEN wait_reason = 'CONFIRMING_ABSENCE' END;
      PERFORM notify_lanes(a.workspace_id);
      RETURN QUERY SELECT a.id, a.provider_account_id, 'UNCERTAIN', NULL::text, account_identity WHERE is_asked;
      CONTINUE;
    END IF;
    IF a.state = 'NOT_PLACED' AND a.identity_version <> account_identity THEN
      UPDATE attempts x SET state = 'UNCERTAIN', ended_at = NULL, spends_attempt = true, settle_at = NULL,
        end_reason = 'the provider account became another before the absence was confirmed' WHERE x.id = a.id;
      UPDATE recipient_states r SET state = 'UNCERTAIN', last_outcome = 'UNCERTAIN', wait_reason = NULL,
        attempts_spent = r.attempts_spent + (NOT a.spends_attempt)::integer
        WHERE r.recipient_id = a.recipient_id AND r.last_attempt_id = a.id
          AND CASE r.state WHEN 'WAITING' THEN r.wait_reason = 'CONFIRMING_ABSENCE' END;
      PERFORM notify_lanes(a.workspace_id);
      CONTINUE;
    END IF;
    UPDATE attempts x SET settle_at = CASE a.state
        WHEN 'IN_PROGRESS' THEN CASE WHEN a.hang_up_asked_at IS NOT NULL
          OR t >= a.hard_end_at - interval '60 s' THEN least(t + p_next_look, a.hard_end_at)
          ELSE least(t + p.poll_interval_ms * interval '1 ms', a.hard_end_at - interval '60 s') END
        ELSE least(t + p_next_look, a.hard_end_at) END
      FROM provider_accounts p WHERE x.id = a.id AND p.id = a.provider_account_id;
    RETURN QUERY SELECT a.id, a.provider_account_id, a.state,
      CASE WHEN a.state = 'IN_PROGRESS' AND a.hang_up_asked_at IS NOT NULL THEN a.provider_call_id END,
      account_identity;
  END LOOP;
END $$;
