-- Spends a link: its member is in from then on. p_password_hash: what was chosen; NULL when the person has shown the
-- password that there is. Where there is one, another is chosen by a link that is made for it, or that was sent by mail
-- and was in no answer: who has that one has shown the address. p_epoch: of the person, when that was read: with
-- another one the password is another, too. Returns the member; NULL when the link is of no use, or a password is
-- wanted in another way than was thought when the hash was made. Of two that spend one link at the same moment one
-- does: the person is locked first, then the link, as change_member locks them.
CREATE OR REPLACE FUNCTION spend_link(p_token_hash bytea, p_epoch integer, p_password_hash text, p_from text)
RETURNS uuid
LANGUAGE plpgsql AS $$
DECLARE
  link sign_in_links;
  person people;
BEGIN
  SELECT p.* INTO person FROM sign_in_links l JOIN members m ON m.id = l.member_id JOIN people p ON p.id = m.person_id
    WHERE l.token_hash = p_token_hash FOR UPDATE OF p;
  IF NOT FOUND THEN RETURN NULL; END IF;
  IF person.sign_in_epoch <> p_epoch THEN RETURN NULL; END IF;
  SELECT * INTO link FROM sign_in_links WHERE token_hash = p_token_hash AND spent_at IS NULL
    AND expires_at > dialwright_now() FOR UPDATE;
  IF NOT FOUND THEN RETURN NULL; END IF;
  -- An admin has made it for a person who was nowhere else: by now it would open another workspace.
  IF link.is_reset AND link.made_by_admin AND EXISTS (SELECT FROM members m WHERE m.person_id = person.id
    AND m.id <> link.member_id AND m.accepted_at IS NOT NULL) THEN RETURN NULL; END IF;
  -- Who is in without a password signs in by the identity provider. An admin who invites such a person has the link
  -- too, and would choose the password that opens the person's other workspaces.
  IF person.password_hash IS NULL AND NOT link.is_reset AND EXISTS (SELECT FROM members m
    WHERE m.person_id = person.id AND m.accepted_at IS NOT NULL) THEN RETURN NULL; END IF;
  IF p_password_hash IS NULL AND (person.password_hash IS NULL OR link.is_reset) THEN RETURN NULL; END IF;
  IF p_password_hash IS NOT NULL AND person.password_hash IS NOT NULL AND NOT (link.is_reset OR link.is_mailed)
    THEN RETURN NULL; END IF;
  UPDATE sign_in_links SET spent_at = dialwright_now() WHERE member_id = link.member_id AND spent_at IS NULL;
  UPDATE members SET accepted_at = dialwright_now() WHERE id = link.member_id AND accepted_at IS NULL;
  PERFORM record_of_member(person.id, m.workspace_id, 'spend link', p_from, jsonb_build_object('for',
      CASE WHEN link.is_reset THEN 'another password' ELSE 'an invitation' END))
    FROM members m WHERE m.id = link.member_id;
  IF p_password_hash IS NOT NULL THEN
    PERFORM choose_password(person.id, p_epoch, p_password_hash, NULL, p_from);
    UPDATE people SET password_by_admin_link = link.made_by_admin AND NOT link.is_mailed WHERE id = person.id;
  END IF;
  RETURN link.member_id;
END $$;
