-- Counts by name, added up; those of nothing are left out.
CREATE OR REPLACE FUNCTION add_counts(p_these jsonb, p_those jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(jsonb_object_agg(name, n), '{}') FROM (SELECT name, sum(counted::integer) AS n
    FROM (SELECT * FROM jsonb_each_text(p_these) UNION ALL SELECT * FROM jsonb_each_text(p_those)) AS c (name, counted)
    GROUP BY name HAVING sum(counted::integer) > 0) added
$$;
