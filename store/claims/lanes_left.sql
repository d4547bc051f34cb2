-- Those of a batch's lanes whose claim key has no attempt, in their order: '[]' when all have one.
CREATE OR REPLACE FUNCTION lanes_left(p_lanes jsonb) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT coalesce(jsonb_agg(l ORDER BY place), '[]')
    FROM jsonb_array_elements(p_lanes) WITH ORDINALITY AS lanes (l, place)
    WHERE NOT EXISTS (SELECT FROM attempts x WHERE x.claim_key = l ->> 'claimKey')
$$;
