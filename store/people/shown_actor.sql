-- An actor (record_audit) as a batch shows it: without the address that it came from, which the audit alone keeps.
CREATE OR REPLACE FUNCTION shown_actor(p_actor jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE jsonb_typeof(p_actor) WHEN 'object' THEN p_actor - 'from' ELSE p_actor END
$$;
