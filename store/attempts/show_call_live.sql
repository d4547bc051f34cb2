-- Evidence of a live call outranks whatever was believed: the attempt is in progress, and slot and recipient are taken
-- back. If a newer attempt of the same recipient or number is live too, both count, this one marked displaced; it is
-- hung up where that is possible, and recorded for an operator to see. A call seen alive may go on for a whole call
-- length. A batch that is over takes no recipient back: its row is locked, so that no finish comes in between. The end
-- of the call settles the recipient all the same. The caller holds both rows.
CREATE OR REPLACE FUNCTION show_call_live(a attempts, p_call_id text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz := dialwright_now();
  two_live boolean := was_live_beside_another(a, 'infinity');
  batch_status text;
BEGIN
  UPDATE attempts x SET state = 'IN_PROGRESS', outcome = NULL, by_verdict = false, deferral = NULL, ended_at = NULL,
    end_reason = NULL,
    provider_call_id = call_id_for(a, p_call_id), accepted_at = coalesce(accepted_at, t),
    -- This runs without W: the newest slot epoch may be over by the commit. held_slots always reads the largest one.
    slot_held = true, slot_epoch = CASE WHEN x.slot_held THEN x.slot_epoch ELSE 2147483647 END,
    displaced = two_live, spends_attempt = true, absent_count = 0,
    hang_up_asked_at = CASE WHEN two_live THEN coalesce(hang_up_asked_at, t) ELSE hang_up_asked_at END,
    hard_end_at = CASE WHEN x.hard_end_at > t THEN x.hard_end_at
      ELSE t + p.call_length_max_ms * interval '1 ms' + interval '60 s' END,
    -- Looked up when its account says, or when it must be over; at once when it is to be hung up.
    settle_at = CASE WHEN two_live OR hang_up_asked_at IS NOT NULL THEN t
      ELSE least(t + p.poll_interval_ms * interval '1 ms', greatest(x.hard_end_at - interval '60 s', t)) END
    FROM provider_accounts p WHERE x.id = a.id AND p.id = x.provider_account_id;
  -- Most often the recipient is in progress already, and the batch's row is nobody's concern.
  PERFORM FROM recipient_states r
    WHERE r.recipient_id = a.recipient_id AND r.last_attempt_id = a.id AND r.state <> 'IN_PROGRESS';
  IF NOT FOUND THEN RETURN; END IF;
  SELECT status INTO batch_status FROM batches WHERE id = a.batch_id FOR SHARE;
  IF batch_status IN ('COMPLETED', 'CANCELLED', 'FAILED') THEN RETURN; END IF;
  UPDATE recipient_states r SET state = 'IN_PROGRESS', wait_reason = NULL,
    attempts_spent = r.attempts_spent + (NOT a.spends_attempt)::integer
    WHERE r.recipient_id = a.recipient_id AND r.last_attempt_id = a.id AND r.state <> 'IN_PROGRESS';
END $$;
