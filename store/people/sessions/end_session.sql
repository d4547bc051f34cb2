-- Ends a session of a person, in the name of the person, and records it in the workspace in which the session worked
-- (p_action: sign out, of the session that asks; or end session, of another one). Returns false when the person has no
-- such session (any more).
CREATE OR REPLACE FUNCTION end_session(p_person uuid, p_sid text, p_action text, p_from text) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE ended sessions;
BEGIN
  DELETE FROM sessions WHERE sid = p_sid AND sess ->> 'personId' = p_person::text RETURNING * INTO ended;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM record_of_member(p_person, (ended.sess ->> 'workspaceId')::uuid, p_action, p_from);
  RETURN true;
END $$;
