-- Nothing was sent: slot free, recipient waiting. Found by the claim key, because the one who asks may not know whether
-- its claim was committed; W makes it run after that commit, if there was one. Only the holder of the dial token can
-- ask.
CREATE OR REPLACE FUNCTION release_call(p_workspace uuid, p_claim_key text, p_token uuid,
  p_why text) RETURNS boolean LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE a attempts;
BEGIN
  PERFORM lock_workspace(p_workspace);
  SELECT * INTO a FROM lock_attempt((SELECT id FROM attempts WHERE claim_key = p_claim_key AND dial_token = p_token));
  -- In doubt only because the deadline passed before its holder could say so.
  IF a.id IS NULL OR a.state NOT IN ('DIALING', 'UNCERTAIN') OR a.provider_call_id IS NOT NULL
    OR a.by_verdict THEN RETURN false; END IF;
  UPDATE attempts SET state = 'RELEASED', end_reason = p_why, ended_at = dialwright_now(), slot_held = false,
    displaced = false,
    spends_attempt = false, settle_at = NULL WHERE id = a.id;
  PERFORM requeue_recipient(a, dialwright_now(), NULL);
  PERFORM notify_lanes(a.workspace_id);
  RETURN true;
END $$;
