-- SETTLE. Takes attempts whose time to be looked at has come, each by one settler at a time, and sets their next look.
-- Attempts past their hard end are ended first (end_overdue), whatever is taken afterwards. DIALING past its deadline
-- becomes UNCERTAIN. An accepted call is asked about for a minute more after its hard end: perhaps no worker ran when
-- it ended, and the provider knows how it ended. The rest is returned, each with the identity version that its account
-- has now: the caller asks the provider about them, and hangs up a call if somebody asked for that. When an absence was
-- to be confirmed and the account has become another since, the attempt is UNCERTAIN for good: nobody can confirm the
-- absence any more. p_limit, p_room and p_rooms: see attempts_to_look_at.
CREATE OR REPLACE FUNCTION take_unsettled(p_limit integer, p_next_look interval, p_room integer, p_rooms jsonb)
RETURNS TABLE (attempt_id uuid, provider_account_id uuid, workspace_id uuid, state text, hang_up_call_id text,
  identity_version integer, provider_kind text)
LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET enable_incremental_sort = off
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off AS $$
#variable_conflict use_column
DECLARE
  t timestamptz := dialwright_now();
  overdue_max CONSTANT integer := 500;
  owed record;
  a attempts;
  account provider_accounts;
  is_asked boolean;
BEGIN
  PERFORM end_overdue(overdue_max);
  FOR owed IN
    SELECT * FROM attempts_to_look_at(p_limit, p_room, p_rooms, t)
  LOOP
    PERFORM FROM recipient_states r WHERE r.recipient_id = owed.recipient_id FOR NO KEY UPDATE SKIP LOCKED;
    CONTINUE WHEN NOT FOUND;
    SELECT * INTO a FROM attempts x WHERE x.id = owed.attempt_id FOR NO KEY UPDATE SKIP LOCKED;
    CONTINUE WHEN NOT FOUND OR a.settle_at IS NULL OR a.settle_at > t;
    IF t >= a.hard_end_at THEN
      -- Left to end_overdue, which passes over rows that somebody holds.
      CONTINUE WHEN a.slot_held OR a.by_verdict OR a.state <> 'UNCERTAIN';
      is_asked := a.provider_call_id IS NOT NULL AND a.settle_at < a.hard_end_at + interval '60 s';
      UPDATE attempts SET settle_at = CASE WHEN is_asked THEN t + p_next_look END WHERE id = a.id;
      SELECT * INTO account FROM provider_accounts p WHERE p.id = a.provider_account_id;
      RETURN QUERY SELECT a.id, account.id, account.workspace_id, a.state, NULL::text, account.identity_version,
        account.kind WHERE is_asked;
      CONTINUE;
    END IF;
    IF a.state = 'DIALING' THEN
      UPDATE attempts SET state = 'UNCERTAIN', end_reason = 'no answer recorded before the dial deadline'
        WHERE id = a.id;
      a.state := 'UNCERTAIN';
    END IF;
    SELECT * INTO account FROM provider_accounts p WHERE p.id = a.provider_account_id;
    IF a.state = 'NOT_PLACED' AND a.identity_version <> account.identity_version THEN
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
          ELSE least(t + account.poll_interval_ms * interval '1 ms', a.hard_end_at - interval '60 s') END
        ELSE least(t + p_next_look, a.hard_end_at) END
      WHERE x.id = a.id;
    RETURN QUERY SELECT a.id, account.id, account.workspace_id, a.state,
      CASE WHEN a.state = 'IN_PROGRESS' AND a.hang_up_asked_at IS NOT NULL THEN a.provider_call_id END,
      account.identity_version, account.kind;
  END LOOP;
END $$;
