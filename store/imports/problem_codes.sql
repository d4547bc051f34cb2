-- The codes of a row's problems, each once. Read from their text: a message may quote what no json function reads, and
-- inside a text quotes are escaped, so only a code is found.
CREATE OR REPLACE FUNCTION problem_codes(p_problems json) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT ARRAY(SELECT DISTINCT m[1] FROM regexp_matches(p_problems::text, '"code":"([a-z0-9_]+)"', 'g') AS m);
$$;
