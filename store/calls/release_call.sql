-- Nothing was sent: slot free, recipient waiting. Found by the claim key, because the one who asks may not know whether
-- its claim was committed; W makes it run after that commit, if there was one. Only the holder of the dial token can
-- ask.
--
-- What kept one call from leaving may keep every call: releases in a row make the batch wait before its next claim
-- (1 s, doubling to 16 s), and the seventh pauses it with the reason. Calls that were claimed before the last counted
-- release do not count again, and a call that was sent after it begins a new count. Both are remembered in the batch's
-- row. A delay of our own passes by itself: it makes the batch wait, and does not count.
CREATE OR REPLACE FUNCTION release_call(p_workspace uuid, p_claim_key text, p_token uuid,
  p_why text, p_is_own_delay boolean) RETURNS boolean LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  a attempts;
  b batches;
  t timestamptz;
  in_a_row integer;
BEGIN
  PERFORM lock_workspace(p_workspace);
  SELECT * INTO a FROM lock_attempt((SELECT id FROM attempts WHERE claim_key = p_claim_key AND dial_token = p_token));
  -- In doubt only because the deadline passed before its holder could say so.
  IF a.id IS NULL OR a.state NOT IN ('DIALING', 'UNCERTAIN') OR a.provider_call_id IS NOT NULL
    OR a.by_verdict THEN RETURN false; END IF;
  -- Before the requeue, which takes the same row in a weaker mode.
  SELECT * INTO b FROM batches WHERE id = a.batch_id FOR NO KEY UPDATE;
  t := dialwright_now();
  UPDATE attempts SET state = 'RELEASED', end_reason = p_why, ended_at = t, slot_held = false,
    displaced = false,
    spends_attempt = false, settle_at = NULL WHERE id = a.id;
  PERFORM requeue_recipient(a, t, NULL);
  -- What lies further ahead than the longest wait was written before the clock went back.
  IF b.unsent_until > t + interval '16 s' THEN b.unsent_until := NULL; END IF;
  IF a.dialing_at >= coalesce(b.unsent_until, '-infinity') THEN
    in_a_row := CASE WHEN EXISTS (SELECT FROM attempts x WHERE x.batch_id = b.id AND x.dialing_at >= b.unsent_until
      AND x.state IN ('IN_PROGRESS', 'ENDED', 'UNCERTAIN')) THEN 1 ELSE b.unsent_count + 1 END;
    IF p_is_own_delay THEN in_a_row := greatest(in_a_row - 1, 2); END IF;
    UPDATE batches SET unsent_count = CASE WHEN in_a_row < 7 THEN in_a_row ELSE 0 END,
      unsent_until = t + CASE WHEN in_a_row BETWEEN 2 AND 6 THEN interval '1 s' * least(2 ^ (in_a_row - 2), 16)
        ELSE interval '0' END WHERE id = b.id;
    IF in_a_row >= 7 AND b.status = 'RUNNING' THEN
      PERFORM pause_batch(b.workspace_id, b.id, format('%s times in a row no call could be sent (%s). Nobody was '
        'called. Look at the log of the workers and at the provider account, then resume.', in_a_row,
        left(p_why, 200)));
    END IF;
  END IF;
  PERFORM notify_lanes(a.workspace_id);
  RETURN true;
END $$;
