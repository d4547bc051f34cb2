-- Records that somebody has tried to get in as a person, in each workspace in which the person is (the 100 oldest at
-- most). p_from: the address; p_detail: how it was tried. Nothing when nobody has the e-mail address.
CREATE OR REPLACE FUNCTION record_refused_sign_in(p_email text, p_from text, p_detail jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM record_audit(m.workspace_id, jsonb_build_object('id', 'unknown', 'from', p_from), 'sign in refused',
      jsonb_build_object('applied', false, 'target', jsonb_build_object('kind', 'member', 'id', m.id),
        'detail', p_detail))
    FROM (SELECT m.id, m.workspace_id FROM people p JOIN members m ON m.person_id = p.id
      WHERE p.email = p_email AND m.accepted_at IS NOT NULL ORDER BY m.created_at, m.id LIMIT 100) m;
END $$;
