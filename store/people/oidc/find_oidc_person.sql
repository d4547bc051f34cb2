-- Finds the person whom an identity provider has named (p_identity as for sign_in_by_oidc). The subject counts. Where
-- it is not known yet, the e-mail address finds the person, once, and the subject is kept. p_has_grants: whether
-- groups let the person in; then the person is made when nobody has the address. result: KNOWN, or why there is no
-- person: UNVERIFIED (an address that the provider does not vouch for), NOBODY (no member, and no group),
-- OTHER_SUBJECT (the person is known by another one). is_first: the subject is kept from now on. Of two subjects that
-- come with one address at the same moment, the keys let one in.
CREATE OR REPLACE FUNCTION find_oidc_person(p_identity jsonb, p_has_grants boolean,
  OUT result text, OUT person uuid, OUT is_first boolean) LANGUAGE plpgsql AS $$
DECLARE
  found_id uuid;
  email_given CONSTANT text := p_identity ->> 'email';
BEGIN
  result := 'KNOWN';
  is_first := false;
  SELECT i.person_id INTO person FROM oidc_identities i
    WHERE i.issuer = p_identity ->> 'issuer' AND i.subject = p_identity ->> 'subject';
  IF FOUND THEN RETURN; END IF;
  IF email_given IS NULL THEN result := 'UNVERIFIED'; RETURN; END IF;
  IF p_has_grants THEN
    INSERT INTO people (email) VALUES (email_given) ON CONFLICT (email) DO NOTHING;
  END IF;
  SELECT p.id INTO found_id FROM people p WHERE p.email = email_given
    AND (p_has_grants OR EXISTS (SELECT FROM members m WHERE m.person_id = p.id));
  IF NOT FOUND THEN result := 'NOBODY'; RETURN; END IF;
  INSERT INTO oidc_identities (issuer, subject, person_id)
    VALUES (p_identity ->> 'issuer', p_identity ->> 'subject', found_id) ON CONFLICT DO NOTHING;
  is_first := FOUND;
  SELECT i.person_id INTO person FROM oidc_identities i WHERE i.issuer = p_identity ->> 'issuer'
    AND i.subject = p_identity ->> 'subject' AND i.person_id = found_id;
  IF NOT FOUND THEN result := 'OTHER_SUBJECT'; END IF;
END $$;
