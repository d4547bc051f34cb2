-- OPERATOR'S VERDICT on an attempt that nobody can explain: CALLED ends it with the given outcome, NOT_CALLED puts the
-- recipient back, GIVE_UP ends it as UNCERTAIN. Its call may be live all the same, so its slot stays held until the
-- hard end; later evidence still corrects it. A command id that was seen already changes nothing. result: GIVEN,
-- NOT_FOUND or NOT_UNCERTAIN with the state that was found.
CREATE OR REPLACE FUNCTION give_verdict(p_workspace uuid, p_attempt uuid, p_verdict text, p_outcome text,
  p_actor jsonb, p_command_id text,
  OUT result text, OUT state text, OUT batch_id uuid) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  a attempts;
  held boolean;
BEGIN
  a := lock_attempt((SELECT id FROM attempts WHERE id = p_attempt AND workspace_id = p_workspace));
  state := a.state;
  batch_id := a.batch_id;
  IF a.id IS NULL THEN result := 'NOT_FOUND'; RETURN; END IF;
  IF EXISTS (SELECT FROM commands WHERE command_id = p_command_id) THEN result := 'GIVEN'; RETURN; END IF;
  IF a.state <> 'UNCERTAIN' THEN result := 'NOT_UNCERTAIN'; RETURN; END IF;
  held := a.slot_held AND a.hard_end_at > dialwright_now();
  IF p_verdict = 'NOT_CALLED' THEN
    UPDATE attempts SET state = 'NOT_PLACED', by_verdict = true, ended_at = dialwright_now(), spends_attempt = false,
      slot_held = held, settle_at = CASE WHEN held THEN hard_end_at END WHERE id = a.id;
    PERFORM requeue_recipient(a, CASE WHEN held THEN a.hard_end_at ELSE dialwright_now() END, CASE WHEN held
      THEN 'NUMBER_IN_CALL' END);
    PERFORM notify_lanes(a.workspace_id);
  ELSE
    PERFORM end_attempt(a, CASE p_verdict WHEN 'CALLED' THEN p_outcome
      ELSE 'UNCERTAIN' END, 'verdict of an operator', dialwright_now(), NULL);
    UPDATE attempts SET by_verdict = true, slot_held = held, settle_at = CASE WHEN held THEN hard_end_at END
      WHERE id = a.id;
  END IF;
  PERFORM record_audit(a.workspace_id, p_actor, 'verdict', jsonb_build_object('commandId', p_command_id,
    'batchId', a.batch_id, 'attemptId', a.id, 'target', jsonb_build_object('kind', 'attempt', 'id', a.id),
    'detail', jsonb_build_object('verdict', p_verdict, 'outcome', p_outcome)));
  SELECT x.state INTO state FROM attempts x WHERE x.id = a.id;
  result := 'GIVEN';
END $$;
