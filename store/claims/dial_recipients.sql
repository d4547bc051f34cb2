-- Writes what becomes of picked recipients (pick_recipients, which has locked them): an attempt for each that is
-- called, in the order of p_lanes, and the recipient's next state. A number that is in a call already is skipped by the
-- unique index. Every one that was picked moves on. p_terms: dial_terms. call: call_request.
CREATE OR REPLACE FUNCTION dial_recipients(p_terms jsonb, p_picked jsonb, p_lanes jsonb, p_now timestamptz,
  p_dial_deadline timestamptz) RETURNS TABLE (lane integer, call jsonb)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  b record;
  slot_epoch integer;
BEGIN
  SELECT * INTO b FROM jsonb_to_record(p_terms)
    AS (workspace_id uuid, batch_id uuid, generation integer, from_number_id uuid, provider_account_id uuid,
      ring_limit_ms integer, call_length_max_ms integer, identity_version integer);
  slot_epoch := begin_slot_epoch(b.workspace_id, p_now);
  RETURN QUERY
  WITH picked AS MATERIALIZED (
    SELECT p.*, p_lanes -> (p.place - 1) AS lane
      FROM jsonb_to_recordset(p_picked) AS p (recipient_id uuid, state text, phone text, phone_key text,
        attempt_count integer, capped_until timestamptz, gate text, place integer)),
  dialing AS (
    INSERT INTO attempts AS a (workspace_id, batch_id, recipient_id, provider_account_id, from_number_id, phone,
      phone_key, number, generation, claim_key, dial_token, dialing_at, dial_deadline, hard_end_at, settle_at,
      identity_version, slot_epoch)
    SELECT b.workspace_id, b.batch_id, p.recipient_id, b.provider_account_id, b.from_number_id, p.phone,
        p.phone_key, p.attempt_count + 1, b.generation, p.lane ->> 'claimKey', (p.lane ->> 'dialToken')::uuid,
        p_now, p_dial_deadline,
        p_dial_deadline + make_interval(secs => (b.ring_limit_ms + b.call_length_max_ms) / 1000.0 + 60),
        p_dial_deadline, b.identity_version, slot_epoch
      FROM picked p
      WHERE p.gate = 'CALL'
    ON CONFLICT DO NOTHING
    RETURNING a.*),
  progressed AS (
    UPDATE recipient_states r SET
      state = CASE
        WHEN d.id IS NOT NULL THEN 'IN_PROGRESS'
        WHEN p.gate = 'SUPPRESSED' THEN 'SUPPRESSED'
        WHEN p.gate = 'EXPIRED' THEN 'FAILED'
        WHEN p.gate = 'NO_ATTEMPT_LEFT' THEN coalesce(recipient_state_of(r.last_outcome), 'FAILED')
        ELSE 'WAITING' END,
      last_error = CASE WHEN p.gate = 'EXPIRED' THEN 'EXPIRED' ELSE r.last_error END,
      wait_reason = CASE
        WHEN d.id IS NOT NULL THEN NULL
        WHEN p.gate = 'CALL' THEN 'NUMBER_IN_CALL'
        WHEN p.gate = 'FREQUENCY_CAP' THEN p.gate END,
      due_at = CASE
        WHEN d.id IS NOT NULL THEN r.due_at
        WHEN p.gate = 'CALL' THEN p_now + interval '30 s'
        WHEN p.gate = 'FREQUENCY_CAP' THEN p.capped_until
        ELSE r.due_at END,
      attempt_count = r.attempt_count + (d.id IS NOT NULL)::integer,
      -- After a batch retry that its row has not followed yet it has a fresh allowance, and follows with this call.
      attempts_spent = CASE
        WHEN d.id IS NULL THEN r.attempts_spent
        WHEN r.generation < b.generation THEN 1
        ELSE r.attempts_spent + 1 END,
      generation = CASE WHEN d.id IS NULL THEN r.generation ELSE b.generation END,
      last_attempt_id = coalesce(d.id, r.last_attempt_id)
      FROM picked p LEFT JOIN dialing d ON d.recipient_id = p.recipient_id
      -- The state in which it was picked: 'WAITING' would let the planner take the index of all who wait.
      WHERE r.recipient_id = p.recipient_id AND r.state = p.state
      RETURNING r.recipient_id)
  SELECT (p.lane ->> 'lane')::integer, call_request(d, c, p_terms)
    FROM dialing d
    JOIN progressed g ON g.recipient_id = d.recipient_id
    JOIN picked p ON p.recipient_id = d.recipient_id
    JOIN recipients c ON c.id = d.recipient_id;
END $$;
