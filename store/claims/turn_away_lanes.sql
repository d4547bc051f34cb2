-- What claim_calls answers the lanes that are given no call, whatever else is so. p_sorted: what sort_lanes gave.
CREATE OR REPLACE FUNCTION turn_away_lanes(p_sorted jsonb)
RETURNS TABLE (lane integer, verdict text, attempt jsonb, reason text, until_ms bigint, could_start integer)
LANGUAGE sql STABLE AS $$
  SELECT l.lane,
      CASE WHEN l.refusal = 'REPEATED' THEN 'REPEATED' ELSE 'END' END,
      l.repeated,
      CASE WHEN l.refusal <> 'REPEATED' THEN l.refusal END,
      NULL::bigint,
      0
    FROM jsonb_to_recordset(p_sorted) AS l (lane integer, refusal text, repeated jsonb)
    WHERE l.refusal IS NOT NULL
$$;
