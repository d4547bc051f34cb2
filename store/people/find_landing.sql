-- Where a session of a person begins: the membership in which the person worked last; else the one that lets in
-- longest. So an invitation that was accepted only now is taken only where there is nothing else.
CREATE OR REPLACE FUNCTION find_landing(p_person uuid) RETURNS SETOF members LANGUAGE sql STABLE AS $$
  SELECT * FROM members WHERE person_id = p_person AND accepted_at IS NOT NULL
    ORDER BY worked_at DESC NULLS LAST, accepted_at, created_at, id LIMIT 1
$$;
