-- HARD END. An attempt that is past it frees its slot, and its recipient is settled as UNCERTAIN until a verdict or
-- evidence comes. The same happens to an attempt that the provider did not know (NOT_PLACED), when the provider could
-- not be asked once more before the hard end. An attempt that a verdict ended frees its slot only. No provider is
-- needed. The rows are found by an index of their own, so they do not wait, however many others wait for a provider
-- that does not answer. Two processes that do this at once skip each other's rows. An accepted call stays due, so that
-- the provider is asked about it a last time (take_unsettled). Returns how many it ended.
CREATE OR REPLACE FUNCTION end_overdue(p_limit integer) RETURNS integer LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET enable_incremental_sort = off AS $$
DECLARE
  t timestamptz := dialwright_now();
  owed record;
  a attempts;
  ended integer := 0;
BEGIN
  FOR owed IN SELECT x.id, x.recipient_id FROM attempts x
    WHERE x.hard_end_at <= t AND x.settle_at IS NOT NULL AND (x.slot_held OR x.by_verdict OR x.state <> 'UNCERTAIN')
    ORDER BY x.hard_end_at LIMIT p_limit LOOP
    PERFORM FROM recipient_states r WHERE r.recipient_id = owed.recipient_id FOR NO KEY UPDATE SKIP LOCKED;
    CONTINUE WHEN NOT FOUND;
    SELECT * INTO a FROM attempts x WHERE x.id = owed.id FOR NO KEY UPDATE SKIP LOCKED;
    CONTINUE WHEN NOT FOUND OR a.settle_at IS NULL OR a.hard_end_at > t;
    ended := ended + 1;
    IF a.by_verdict THEN
      UPDATE attempts SET slot_held = false, displaced = false, settle_at = NULL WHERE id = a.id;
      PERFORM notify_lanes(a.workspace_id);
      CONTINUE;
    END IF;
    UPDATE attempts SET state = 'UNCERTAIN', slot_held = false, displaced = false, ended_at = NULL,
      settle_at = CASE WHEN a.provider_call_id IS NOT NULL THEN settle_at END, spends_attempt = true,
      end_reason = coalesce(end_reason, 'no end was reported before the hard end')
      WHERE id = a.id;
    UPDATE recipient_states SET state = 'UNCERTAIN', last_outcome = 'UNCERTAIN', wait_reason = NULL,
      attempts_spent = attempts_spent + (NOT a.spends_attempt)::integer
      -- CASE: a bare state would let the planner take the index of all who are in a call, or wait.
      WHERE recipient_id = a.recipient_id AND last_attempt_id = a.id
        AND CASE state WHEN 'IN_PROGRESS' THEN true WHEN 'WAITING' THEN wait_reason = 'CONFIRMING_ABSENCE' END;
    PERFORM notify_lanes(a.workspace_id);
  END LOOP;
  RETURN ended;
END $$;
