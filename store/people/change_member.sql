-- Changes the role of a member, or removes it (p_role NULL). It and the admins of the workspace are locked in one
-- order, so that two that are changed at the same moment see each other. result: CHANGED, NOT_FOUND, or LAST_ADMIN: one
-- who is in stays. Who is removed is out at once: a session is looked up by its member, and those in this workspace
-- end, so that none lives on when the person is invited again. The person is locked before members and links, as
-- spend_link locks them; of two removals of one person the second one sees that none is left.
CREATE OR REPLACE FUNCTION change_member(p_workspace uuid, p_id uuid, p_role text, p_actor jsonb, p_command text)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  m members;
BEGIN
  IF p_role IS NULL THEN
    PERFORM FROM people p WHERE p.id = (SELECT person_id FROM members WHERE id = p_id AND workspace_id = p_workspace)
      FOR UPDATE;
  END IF;
  PERFORM FROM members WHERE workspace_id = p_workspace AND (role = 'admin' OR id = p_id) ORDER BY id FOR UPDATE;
  SELECT * INTO m FROM members WHERE id = p_id AND workspace_id = p_workspace FOR UPDATE;
  IF NOT FOUND THEN RETURN 'NOT_FOUND'; END IF;
  IF m.role = 'admin' AND m.accepted_at IS NOT NULL AND p_role IS DISTINCT FROM 'admin'
    AND NOT EXISTS (SELECT FROM members WHERE workspace_id = p_workspace AND role = 'admin' AND id <> p_id
      AND accepted_at IS NOT NULL) THEN RETURN 'LAST_ADMIN'; END IF;
  IF p_role IS NULL THEN
    DELETE FROM members WHERE id = p_id;
    DELETE FROM sessions WHERE sess ->> 'personId' = m.person_id::text AND sess ->> 'workspaceId' = p_workspace::text;
    UPDATE people p SET left_at = dialwright_now() WHERE p.id = m.person_id
      AND NOT EXISTS (SELECT FROM members o WHERE o.person_id = p.id);
  ELSE UPDATE members SET role = p_role WHERE id = p_id; END IF;
  IF p_role IS DISTINCT FROM m.role THEN
    PERFORM record_audit(p_workspace, p_actor, CASE WHEN p_role IS NULL THEN 'remove member' ELSE 'change member' END,
      jsonb_build_object('commandId', p_command, 'target', jsonb_build_object('kind', 'member', 'id', p_id),
        'before', jsonb_build_object('role', m.role), 'after', jsonb_build_object('role', p_role)));
  END IF;
  RETURN 'CHANGED';
END $$;
