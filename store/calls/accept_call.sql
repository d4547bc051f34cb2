-- ANSWER, accepted: the provider has the call. Repeating it changes nothing. Facts that came before it are taken up,
-- and a number that was refused for capacity is trusted with more calls.
CREATE OR REPLACE FUNCTION accept_call(p_attempt uuid, p_call_id text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  a attempts;
  call_id text;
BEGIN
  a := lock_attempt(p_attempt);
  call_id := call_id_for(a, p_call_id);
  IF call_id IS DISTINCT FROM p_call_id THEN
    PERFORM record_audit(a.workspace_id, '"dialwright"', CASE WHEN a.provider_call_id IS NULL
      THEN 'call of another attempt' ELSE 'two calls for one attempt' END, jsonb_build_object('batchId', a.batch_id,
      'attemptId', a.id,
      'detail', jsonb_build_object('callIds', jsonb_build_array(a.provider_call_id, p_call_id))));
  END IF;
  IF a.state IN ('DIALING', 'UNCERTAIN', 'RELEASED', 'NOT_PLACED') OR a.state = 'ENDED'
    AND (a.by_verdict OR NOT a.spends_attempt AND a.accepted_at IS NULL) THEN
    PERFORM show_call_live(a, p_call_id);
  ELSIF a.provider_call_id IS NULL AND call_id IS NOT NULL THEN
    UPDATE attempts SET provider_call_id = call_id WHERE id = a.id;
  END IF;
  PERFORM raise_ceiling(a);
  PERFORM take_up_strays(a, p_call_id);
  SELECT state INTO a.state FROM attempts WHERE id = p_attempt;
  RETURN a.state;
END $$;
