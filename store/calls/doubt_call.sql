-- ANSWER, unknown: nobody can tell whether there is a call. The slot stays held; the settler asks the provider.
CREATE OR REPLACE FUNCTION doubt_call(p_attempt uuid, p_token uuid,
  p_end_reason text) RETURNS boolean LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE a attempts;
BEGIN
  a := lock_attempt(p_attempt);
  IF a.dial_token <> p_token OR a.state <> 'DIALING' THEN RETURN false; END IF;
  UPDATE attempts SET state = 'UNCERTAIN', end_reason = p_end_reason, settle_at = dialwright_now() WHERE id = a.id;
  RETURN true;
END $$;
