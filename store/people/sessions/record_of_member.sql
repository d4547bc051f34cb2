-- Records what a person did in one workspace, in the name of the person's member there. Returns false, and records
-- nothing, where the person is no member (any more).
CREATE OR REPLACE FUNCTION record_of_member(p_person uuid, p_workspace uuid, p_action text, p_from text,
  p_detail jsonb DEFAULT '{}') RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM record_audit(p_workspace, jsonb_build_object('id', 'mem_' || replace(m.id::text, '-', ''), 'name', m.name,
      'from', p_from), p_action, jsonb_build_object('target', jsonb_build_object('kind', 'member', 'id', m.id),
      'detail', p_detail))
    FROM members m WHERE m.person_id = p_person AND m.workspace_id = p_workspace AND m.accepted_at IS NOT NULL;
  RETURN FOUND;
END $$;
