-- Makes somebody a member of a workspace, by e-mail; the person is made when nobody has the address yet, and locked
-- when there is one: forget_people forgets nobody who is being invited. Safe to repeat with an id. result: INVITED, or
-- THERE when the person is a member already (id: which one). p_member: id (NULL: a new one), email, role, and name,
-- which is of this workspace: other ones neither see nor get it.
CREATE OR REPLACE FUNCTION invite_member(p_workspace uuid, p_member jsonb, p_actor jsonb, p_command text,
  OUT result text, OUT id uuid, OUT person_id uuid) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  INSERT INTO people AS p (email) VALUES (p_member ->> 'email')
    ON CONFLICT (email) DO UPDATE SET left_at = NULL RETURNING p.id INTO person_id;
  INSERT INTO members AS m (id, workspace_id, person_id, name, role, created_by)
    VALUES (coalesce((p_member ->> 'id')::uuid, new_id()), p_workspace, invite_member.person_id, p_member ->> 'name',
      p_member ->> 'role', coalesce(p_actor ->> 'id', p_actor #>> '{}'))
    ON CONFLICT DO NOTHING RETURNING m.id INTO id;
  IF id IS NULL THEN
    SELECT m.id INTO id FROM members m WHERE m.workspace_id = p_workspace AND m.person_id = invite_member.person_id;
    result := CASE WHEN id = (p_member ->> 'id')::uuid THEN 'INVITED' ELSE 'THERE' END;
    RETURN;
  END IF;
  result := 'INVITED';
  PERFORM record_audit(p_workspace, p_actor, 'invite member', jsonb_build_object('commandId', p_command,
    'target', jsonb_build_object('kind', 'member', 'id', id),
    'after', jsonb_build_object('email', p_member ->> 'email', 'name', p_member ->> 'name',
      'role', p_member ->> 'role')));
END $$;
