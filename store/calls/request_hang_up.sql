-- Asks for one live call to be hung up; the settler does it. result: REQUESTED, NOT_FOUND or NOT_LIVE with its state.
CREATE OR REPLACE FUNCTION request_hang_up(p_workspace uuid, p_attempt uuid, p_actor jsonb, OUT result text,
  OUT state text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE a attempts;
BEGIN
  a := lock_attempt((SELECT id FROM attempts WHERE id = p_attempt AND workspace_id = p_workspace));
  state := a.state;
  IF a.id IS NULL THEN result := 'NOT_FOUND'; RETURN; END IF;
  IF a.state NOT IN ('DIALING', 'IN_PROGRESS') THEN result := 'NOT_LIVE'; RETURN; END IF;
  UPDATE attempts x SET hang_up_asked_at = dialwright_now(), settle_at = CASE x.state WHEN 'IN_PROGRESS'
    THEN dialwright_now() ELSE settle_at END WHERE x.id = a.id;
  PERFORM record_audit(a.workspace_id, p_actor, 'hang up', jsonb_build_object('batchId', a.batch_id, 'attemptId', a.id,
    'target', jsonb_build_object('kind', 'attempt', 'id', a.id)));
  result := 'REQUESTED';
END $$;
