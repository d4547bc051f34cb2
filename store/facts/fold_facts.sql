-- The fold: whatever facts are stored now decide the attempt's state, so that order and repetition do not matter. Of
-- several ends an answered call wins, then one of a call that was made, then one that pauses the batch, then the
-- earliest, then the one that tells more. An end that would meet every call pauses the batch, though another wins. Of
-- several analyses with a verdict the latest wins, then the one that was received last. The caller holds both rows.
CREATE OR REPLACE FUNCTION fold_facts(a attempts) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  ended call_events;
  live call_events;
  -- Nothing that was observed says that it is over: anything that was may correct it.
  is_open boolean := a.state <> 'ENDED' OR a.by_verdict OR NOT a.spends_attempt;
BEGIN
  SELECT * INTO ended FROM call_events WHERE attempt_id = a.id AND kind = 'ENDED'
    ORDER BY outcome = 'ANSWERED' DESC NULLS LAST, deferral IS NULL DESC, deferral = 'capacity', occurred_at,
      duration_ms NULLS LAST, event_key
    LIMIT 1;
  IF FOUND THEN
    IF is_open OR (a.outcome, a.end_reason, a.ended_at, a.duration_ms) IS DISTINCT FROM
      (coalesce(ended.outcome, 'PROVIDER_ERROR'), ended.end_reason, ended.occurred_at, ended.duration_ms) THEN
      a.provider_call_id := call_id_for(a, ended.provider_call_id);
      a.accepted_at := coalesce(a.accepted_at, dialwright_now());
      IF ended.deferral IS NULL THEN
        IF is_open THEN PERFORM was_live_beside_another(a, ended.occurred_at); END IF;
        PERFORM end_attempt(a, coalesce(ended.outcome, 'PROVIDER_ERROR'), ended.end_reason, ended.occurred_at,
          ended.duration_ms);
      ELSIF a.deferral IS NULL THEN
        PERFORM defer_attempt(a, ended.deferral, ended.end_reason, NULL);
      ELSE
        UPDATE attempts SET deferral = ended.deferral, end_reason = ended.end_reason WHERE id = a.id;
        UPDATE recipient_states r SET last_error = ended.end_reason WHERE r.recipient_id = a.recipient_id
          AND r.last_attempt_id = a.id AND r.last_error IS NOT DISTINCT FROM a.end_reason;
      END IF;
    END IF;
    PERFORM pause_for_deferral(a, e.deferral) FROM (SELECT DISTINCT deferral FROM call_events
      WHERE attempt_id = a.id AND kind = 'ENDED' AND deferral <> 'capacity') e;
  ELSIF is_open AND a.state <> 'IN_PROGRESS' THEN
    SELECT * INTO live FROM call_events WHERE attempt_id = a.id ORDER BY received_at, id LIMIT 1;
    IF FOUND THEN PERFORM show_call_live(a, live.provider_call_id); END IF;
  END IF;
  UPDATE attempts SET successful = e.successful
    FROM (SELECT successful FROM call_events WHERE attempt_id = a.id AND kind = 'ANALYZED' AND successful IS NOT NULL
      ORDER BY occurred_at DESC, received_at DESC, id DESC LIMIT 1) e, batches b
    WHERE attempts.id = a.id AND attempts.successful IS DISTINCT FROM e.successful
      AND b.id = a.batch_id AND NOT coalesce(b.success_criterion ? 'minimumDurationMs', false);
END $$;
