-- ANSWER, refused with proof that there is no call. Returns false when the attempt is no longer ours to end.
CREATE OR REPLACE FUNCTION refuse_call(p_attempt uuid, p_token uuid, p_outcome text,
  p_end_reason text) RETURNS boolean LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE a attempts;
BEGIN
  a := lock_attempt(p_attempt);
  IF a.dial_token <> p_token OR a.state NOT IN ('DIALING', 'UNCERTAIN') THEN RETURN false; END IF;
  PERFORM end_attempt(a, p_outcome, p_end_reason, dialwright_now(), NULL);
  RETURN true;
END $$;
