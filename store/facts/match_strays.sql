-- Facts that came before their attempt was known, matched by the provider's call id. Returns how many attempts changed.
CREATE OR REPLACE FUNCTION match_strays() RETURNS integer LANGUAGE plpgsql SET enable_seqscan = off
  SET enable_bitmapscan = off AS $$
DECLARE
  events uuid[];
  call_ids text[];
  owners uuid[];
  a attempts;
  matched integer := 0;
BEGIN
  SELECT array_agg(event_id), array_agg(provider_call_id), array_agg(attempt_id) INTO events, call_ids, owners FROM (
    SELECT e.id AS event_id, e.provider_call_id, x.id AS attempt_id FROM call_events e
      -- Two look-ups, each by its unique index: see record_facts.
      CROSS JOIN LATERAL (
        SELECT id FROM attempts
          WHERE provider_account_id = e.provider_account_id AND provider_call_id = e.provider_call_id
        UNION
        SELECT CASE provider_account_id WHEN e.provider_account_id THEN id END FROM attempts WHERE id = e.reference) x
      WHERE e.attempt_id IS NULL AND x.id IS NOT NULL LIMIT 100) strays;
  IF owners IS NULL THEN RETURN 0; END IF;
  PERFORM lock_workspaces_of_strays(call_ids, owners);
  FOREACH a IN ARRAY lock_attempts(owners) LOOP
    UPDATE call_events SET attempt_id = a.id WHERE attempt_id IS NULL
      AND id IN (SELECT s.event_id FROM unnest(events, owners) AS s (event_id, attempt_id) WHERE s.attempt_id = a.id);
    CONTINUE WHEN NOT FOUND;
    PERFORM fold_facts(a);
    matched := matched + 1;
  END LOOP;
  RETURN matched;
END $$;
