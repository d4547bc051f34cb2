-- Gives a person another password, or none (p_password_hash NULL): sessions and links for another one are of no use
-- any more, but for the session p_kept (begin_sign_in_epoch). p_epoch: of the person, when it was known that this may
-- be done. Returns false, and changes nothing, when it is another one by now. Recorded in each workspace of which the
-- person is a member, in the person's own name.
CREATE OR REPLACE FUNCTION choose_password(p_person uuid, p_epoch integer, p_password_hash text, p_kept text,
  p_from text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  UPDATE people SET password_hash = p_password_hash WHERE id = p_person AND sign_in_epoch = p_epoch;
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE sign_in_links l SET spent_at = dialwright_now() FROM members m
    WHERE m.id = l.member_id AND m.person_id = p_person AND l.is_reset AND l.spent_at IS NULL;
  PERFORM begin_sign_in_epoch(p_person, p_kept);
  PERFORM record_of_person(p_person,
    CASE WHEN p_password_hash IS NULL THEN 'remove password' ELSE 'choose password' END,
    jsonb_build_object('from', p_from));
  RETURN true;
END $$;
