-- Makes a link by which a person who has forgotten the password chooses another one (p_token_hash: SHA-256 of its
-- token). It goes to the person's own mailbox and to nobody else, so it may open every workspace of the person. Until
-- it is spent nothing else changes. At most three links in an hour for one person, whoever asks, and 20 with those that
-- were not sent: the person is locked, so that two that are asked for at the same moment count each other. Returns
-- false when none was made: nobody has the address, the person is let in nowhere, or by the identity provider alone
-- (there is no password to forget, and one would go on after the provider has shut the person out), or there were as
-- many. Recorded in each workspace (the 100 oldest at most).
CREATE OR REPLACE FUNCTION ask_password_link(p_email text, p_token_hash bytea, p_from text) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
  person uuid;
  opened uuid;
  t timestamptz;
BEGIN
  SELECT id INTO person FROM people WHERE email = p_email FOR UPDATE;
  IF NOT FOUND THEN RETURN false; END IF;
  IF EXISTS (SELECT FROM people p JOIN oidc_identities i ON i.person_id = p.id
    WHERE p.id = person AND p.password_hash IS NULL) THEN RETURN false; END IF;
  SELECT id INTO opened FROM members WHERE person_id = person AND accepted_at IS NOT NULL
    ORDER BY created_at, id LIMIT 1 FOR KEY SHARE;
  IF NOT FOUND THEN RETURN false; END IF;
  t := dialwright_now();
  -- A link is good for a day: those of the last hour are good for 23 hours and more.
  IF (SELECT count(*) FILTER (WHERE l.is_mailed) >= 3 OR count(*) >= 20 FROM sign_in_links l
    JOIN members m ON m.id = l.member_id WHERE m.person_id = person AND l.is_reset
    AND l.expires_at > t + interval '23 hours') THEN RETURN false; END IF;
  INSERT INTO sign_in_links (token_hash, member_id, is_reset, is_mailed, expires_at)
    VALUES (p_token_hash, opened, true, true, t + interval '1 day');
  PERFORM record_audit(m.workspace_id, jsonb_build_object('id', 'unknown', 'from', p_from), 'ask for password link',
      jsonb_build_object('target', jsonb_build_object('kind', 'member', 'id', m.id)))
    FROM (SELECT id, workspace_id FROM members WHERE person_id = person AND accepted_at IS NOT NULL
      ORDER BY created_at, id LIMIT 100) m;
  RETURN true;
END $$;
