-- Lets a session work in another workspace of its person, and records it in both: leave workspace, enter workspace.
-- Neither is told which the other one is. Returns false, and changes nothing, when the session is over, or the person
-- is no member there. To switch to where the session is already changes nothing.
CREATE OR REPLACE FUNCTION switch_workspace(p_sid text, p_workspace uuid, p_from text) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
  person uuid;
  before uuid;
BEGIN
  -- As all do: the person first, then members and sessions.
  PERFORM FROM people WHERE id = (SELECT (sess ->> 'personId')::uuid FROM sessions WHERE sid = p_sid) FOR SHARE;
  SELECT (sess ->> 'personId')::uuid, (sess ->> 'workspaceId')::uuid INTO person, before
    FROM sessions WHERE sid = p_sid AND expire > now() FOR UPDATE;
  IF NOT FOUND THEN RETURN false; END IF;
  IF before = p_workspace THEN RETURN true; END IF;
  IF NOT record_of_member(person, p_workspace, 'enter workspace', p_from) THEN RETURN false; END IF;
  PERFORM record_of_member(person, before, 'leave workspace', p_from);
  UPDATE members SET worked_at = dialwright_now() WHERE person_id = person AND workspace_id = p_workspace;
  UPDATE sessions SET sess = sess || jsonb_build_object('workspaceId', p_workspace) WHERE sid = p_sid;
  RETURN true;
END $$;
