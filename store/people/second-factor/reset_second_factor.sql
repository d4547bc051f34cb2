-- Takes the second factor of a member away, for an admin of the workspace. It guards every workspace of the person: so
-- only where the person has accepted this one and no other. The person is locked, as by spend_link: an invitation that
-- is accepted at the same moment waits, or is seen. Safe to repeat. result: RESET (also when none was on), NOT_FOUND or
-- ELSEWHERE.
CREATE OR REPLACE FUNCTION reset_second_factor(p_workspace uuid, p_member uuid, p_actor jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE m members;
BEGIN
  PERFORM FROM people p JOIN members o ON o.person_id = p.id WHERE o.id = p_member AND o.workspace_id = p_workspace
    FOR UPDATE OF p;
  SELECT * INTO m FROM members WHERE id = p_member AND workspace_id = p_workspace FOR UPDATE;
  IF NOT FOUND THEN RETURN 'NOT_FOUND'; END IF;
  IF m.accepted_at IS NULL OR EXISTS (SELECT FROM members o WHERE o.person_id = m.person_id AND o.id <> m.id
    AND o.accepted_at IS NOT NULL) THEN RETURN 'ELSEWHERE'; END IF;
  PERFORM turn_off_second_factor(m.person_id, p_actor);
  RETURN 'RESET';
END $$;
