-- ANSWER, refused because the provider, or our account there, takes no calls now. p_deferral: capacity, payment or
-- permission. Returns false when the attempt is no longer ours to end.
CREATE OR REPLACE FUNCTION defer_call(p_attempt uuid, p_token uuid, p_deferral text, p_end_reason text,
  p_retry_after interval) RETURNS boolean LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE a attempts;
BEGIN
  -- W for the pause: once it shows, no further call starts.
  IF p_deferral <> 'capacity' THEN PERFORM lock_workspace((SELECT workspace_id FROM attempts
    WHERE id = p_attempt)); END IF;
  a := lock_attempt(p_attempt);
  IF a.dial_token <> p_token OR a.state NOT IN ('DIALING', 'UNCERTAIN') THEN RETURN false; END IF;
  PERFORM defer_attempt(a, p_deferral, p_end_reason, p_retry_after);
  RETURN true;
END $$;
