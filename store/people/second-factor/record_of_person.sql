-- Records what was done to a person, in each workspace in which the person is. p_actor: who did it. Without an id
-- ({from}) it is the person, who has another member, with another name, in each workspace.
CREATE OR REPLACE FUNCTION record_of_person(p_person uuid, p_action text, p_actor jsonb, p_detail jsonb DEFAULT '{}')
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM record_audit(m.workspace_id, CASE jsonb_typeof(p_actor) WHEN 'object' THEN
        jsonb_build_object('id', 'mem_' || replace(m.id::text, '-', ''), 'name', m.name) || p_actor ELSE p_actor END,
      p_action, jsonb_build_object('target', jsonb_build_object('kind', 'member', 'id', m.id), 'detail', p_detail))
    FROM members m WHERE m.person_id = p_person AND m.accepted_at IS NOT NULL;
END $$;
