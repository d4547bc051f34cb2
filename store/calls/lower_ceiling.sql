-- The provider refused a call for capacity. The number may have half as many live calls as it had with this one. It
-- pauses for 2 s, doubling to 60 s while no call is accepted, or as long as the provider says. Requests that were under
-- way together count once: each later refusal among them may lower the ceiling to half of the calls that the provider
-- has at that moment, and does not make the pause longer. The caller holds the attempt's row, which holds no slot any
-- more.
CREATE OR REPLACE FUNCTION lower_ceiling(a attempts, p_now timestamptz, p_retry_after interval) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  n phone_numbers;
  live integer;
  pause_ms integer;
BEGIN
  -- Before the count: of requests that are refused together the last one sees what stayed.
  SELECT * INTO n FROM phone_numbers WHERE id = a.from_number_id FOR NO KEY UPDATE;
  SELECT count(*) INTO live FROM held_slots(a.workspace_id) h WHERE h.from_number_id = a.from_number_id;
  IF n.backed_off_until > a.dialing_at THEN
    UPDATE phone_numbers SET call_ceiling = least(call_ceiling, greatest((live + 1) / 2, 1))
      WHERE id = n.id AND backoff_ms > 0;
    RETURN;
  END IF;
  pause_ms := least(greatest(n.backoff_ms * 2, 2000), 60000);
  UPDATE phone_numbers SET backoff_ms = pause_ms,
    backed_off_until = p_now + greatest(pause_ms * interval '1 ms',
      least(coalesce(p_retry_after, interval '0'), interval '5 minutes')),
    call_ceiling = least(call_ceiling, greatest((live + 1) / 2, 1)), ceiling_accepted = 0 WHERE id = n.id;
END $$;
