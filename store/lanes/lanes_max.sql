-- How many lanes one batch has at most: LANES_MAX of workflows/contract.ts.
CREATE OR REPLACE FUNCTION lanes_max() RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT 40
$$;
