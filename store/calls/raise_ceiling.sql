-- A number that was refused for capacity has a call accepted that was dialled after its pause. The next refusal pauses
-- it for 2 s again. Its ceiling rises by one after as many accepted calls as it allows; it goes when it is as high as
-- what the limits of number and workspace allow anyway. `a` is the attempt before it was accepted: a call that was
-- accepted earlier counts no second time. The caller holds its row.
CREATE OR REPLACE FUNCTION raise_ceiling(a attempts) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  n phone_numbers;
  is_full boolean;
  allowed integer;
BEGIN
  SELECT * INTO n FROM phone_numbers
    WHERE id = a.from_number_id AND call_ceiling IS NOT NULL AND backed_off_until <= a.dialing_at FOR NO KEY UPDATE;
  IF NOT FOUND OR a.accepted_at IS NOT NULL AND n.backoff_ms = 0 THEN RETURN; END IF;
  is_full := n.ceiling_accepted + 1 >= n.call_ceiling;
  SELECT least(concurrency_limit, n.concurrency_limit) INTO allowed FROM workspaces WHERE id = n.workspace_id;
  UPDATE phone_numbers SET backoff_ms = 0,
    call_ceiling = CASE WHEN call_ceiling + is_full::integer < allowed THEN call_ceiling + is_full::integer END,
    ceiling_accepted = CASE WHEN is_full THEN 0 ELSE ceiling_accepted + 1 END WHERE id = n.id;
  IF is_full OR n.backoff_ms > 0 THEN PERFORM notify_lanes(n.workspace_id); END IF;
END $$;
