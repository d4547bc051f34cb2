-- Signs in whom the identity provider has named, and makes the person's memberships what the groups say. p_identity:
-- issuer, subject, email (NULL unless the provider vouches for it), name (for members that groups make). p_grants:
-- what the groups give, [{workspace, role}], a workspace once. Only memberships that came from groups (created_by oidc)
-- are changed or removed; the last admin of a workspace stays. Pending invitations to the address are accepted: the
-- provider vouches for it. The first sign-in of a subject ends password, sessions and links of before, which may be
-- somebody else's. A later one that opens a workspace ends a password only where an admin had the link by which it was
-- chosen. result: SIGNED_IN with where the session begins (find_landing) and its epoch, or why not: as
-- find_oidc_person, and NOBODY when no membership is left. Two sign-ins of one person wait for each other; all members
-- that may be changed or looked at are locked first, in one order, as change_member locks those of a workspace. The
-- session is begun, and the sign-in recorded, by begin_session.
CREATE OR REPLACE FUNCTION sign_in_by_oidc(p_identity jsonb, p_grants jsonb, p_from text,
  OUT result text, OUT person_id uuid, OUT workspace_id uuid, OUT epoch integer) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  granted CONSTANT jsonb := coalesce((SELECT jsonb_agg(g) FROM jsonb_array_elements(p_grants) AS g
    JOIN workspaces w ON w.id = (g ->> 'workspace')::uuid), '[]');
  p people;
  m members;
  is_first boolean;
  is_opened boolean;
  change record;
  actor jsonb;
BEGIN
  SELECT f.result, f.person, f.is_first INTO result, person_id, is_first
    FROM find_oidc_person(p_identity, granted <> '[]') f;
  IF result <> 'KNOWN' THEN RETURN; END IF;
  SELECT * INTO STRICT p FROM people WHERE id = sign_in_by_oidc.person_id FOR NO KEY UPDATE;
  PERFORM FROM members l
    WHERE l.workspace_id IN (SELECT (g ->> 'workspace')::uuid FROM jsonb_array_elements(granted) g
        UNION SELECT o.workspace_id FROM members o WHERE o.person_id = p.id)
      AND (l.role = 'admin' OR l.person_id = p.id)
    ORDER BY l.workspace_id, l.id FOR UPDATE;
  FOR change IN
    SELECT coalesce(g.workspace, own.workspace_id) AS workspace, own.id AS member, g.role,
        coalesce(own.name, p_identity ->> 'name') AS name
      FROM (SELECT * FROM members WHERE person_id = p.id) own
      FULL JOIN jsonb_to_recordset(granted) AS g (workspace uuid, role text) ON g.workspace = own.workspace_id
      WHERE own.id IS NULL OR (own.created_by = 'oidc' AND own.role IS DISTINCT FROM g.role)
      ORDER BY 1
  LOOP
    actor := jsonb_build_object('id', 'oidc', 'name', change.name, 'from', p_from);
    IF change.member IS NULL THEN
      PERFORM invite_member(change.workspace,
        jsonb_build_object('email', p.email, 'name', change.name, 'role', change.role), actor, NULL);
    ELSE
      PERFORM change_member(change.workspace, change.member, change.role, actor, NULL);
    END IF;
  END LOOP;
  -- A link of before is of no use from the first sign-in on; later, that of an invitation that is accepted.
  WITH opened AS (UPDATE members SET accepted_at = dialwright_now() WHERE person_id = p.id AND accepted_at IS NULL
      AND (created_by = 'oidc' OR p.email = p_identity ->> 'email') RETURNING id),
    spent AS (UPDATE sign_in_links l SET spent_at = dialwright_now() FROM members o WHERE o.id = l.member_id
      AND o.person_id = p.id AND l.spent_at IS NULL
      AND (is_first OR (NOT l.is_reset AND o.id IN (SELECT id FROM opened))))
    SELECT count(*) > 0 INTO is_opened FROM opened;
  IF p.password_hash IS NOT NULL AND (is_first OR (is_opened AND p.password_by_admin_link)) THEN
    PERFORM choose_password(p.id, p.sign_in_epoch, NULL, NULL, p_from);
  END IF;
  SELECT * INTO m FROM find_landing(p.id);
  IF NOT FOUND THEN result := 'NOBODY'; RETURN; END IF;
  result := 'SIGNED_IN';
  SELECT sign_in_epoch INTO STRICT epoch FROM people WHERE id = p.id;
  workspace_id := m.workspace_id;
END $$;
