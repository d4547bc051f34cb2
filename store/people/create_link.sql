-- Makes a link for a member (p_token_hash: SHA-256 of its token). For who has not accepted yet, an invitation; else one
-- by which another password is chosen. That one would open every workspace of the person: so it is made by the admin
-- of the only one, or by the installation (p_actor: setup). Whether an admin made it is kept: spend_link looks again.
-- Each link is recorded, also of a command that is repeated: it is another one. The person is locked first, as
-- spend_link locks. result: MADE, NOT_FOUND or ELSEWHERE.
CREATE OR REPLACE FUNCTION create_link(p_workspace uuid, p_member uuid, p_token_hash bytea, p_actor jsonb)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  m members;
  is_setup CONSTANT boolean := p_actor = '"setup"';
BEGIN
  PERFORM FROM people p WHERE p.id = (SELECT person_id FROM members WHERE id = p_member AND workspace_id = p_workspace)
    FOR NO KEY UPDATE;
  SELECT * INTO m FROM members WHERE id = p_member AND workspace_id = p_workspace FOR UPDATE;
  IF NOT FOUND THEN RETURN 'NOT_FOUND'; END IF;
  IF m.accepted_at IS NOT NULL AND NOT is_setup AND EXISTS (SELECT FROM members o
    WHERE o.person_id = m.person_id AND o.id <> m.id AND o.accepted_at IS NOT NULL) THEN RETURN 'ELSEWHERE'; END IF;
  INSERT INTO sign_in_links (token_hash, member_id, is_reset, expires_at, made_by_admin)
    VALUES (p_token_hash, m.id, m.accepted_at IS NOT NULL OR is_setup, dialwright_now() + interval '1 day',
      NOT is_setup);
  PERFORM record_audit(p_workspace, p_actor, 'make link', jsonb_build_object('target',
    jsonb_build_object('kind', 'member', 'id', m.id)));
  RETURN 'MADE';
END $$;
