-- Begins a session of a person who has just shown who it is, and records the sign-in. p_session: sid (of its id), sess
-- (what it says: personId, workspaceId, epoch, address and more), expiresAt, replaces (the sid of the session that the
-- browser had, which ends), by (password, link or oidc). The person is locked: another password that is chosen at the
-- same moment waits and ends this session, or is seen; so does the removal of the member. Returns false, and begins
-- nothing, when the person is of another epoch by now, or no member of the workspace.
CREATE OR REPLACE FUNCTION begin_session(p_session jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  sess CONSTANT jsonb := p_session -> 'sess';
  person CONSTANT uuid := sess ->> 'personId';
BEGIN
  PERFORM FROM people WHERE id = person AND sign_in_epoch = (sess ->> 'epoch')::integer FOR SHARE;
  IF NOT FOUND THEN RETURN false; END IF;
  IF NOT record_of_member(person, (sess ->> 'workspaceId')::uuid, 'sign in', sess ->> 'address',
    jsonb_build_object('by', p_session -> 'by')) THEN RETURN false; END IF;
  UPDATE members SET worked_at = dialwright_now()
    WHERE person_id = person AND workspace_id = (sess ->> 'workspaceId')::uuid;
  DELETE FROM sessions WHERE sid = p_session ->> 'replaces';
  INSERT INTO sessions (sid, sess, expire)
    VALUES (p_session ->> 'sid', sess, (p_session ->> 'expiresAt')::timestamptz);
  RETURN true;
END $$;
