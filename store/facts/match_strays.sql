-- Facts that came before their attempt was known, matched by the provider's call id. Returns how many attempts changed.
CREATE OR REPLACE FUNCTION match_strays() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  events uuid[];
  call_ids text[];
  owners uuid[];
  a attempts;
  matched integer := 0;
BEGIN
  SELECT array_agg(event_id), array_agg(provider_call_id), array_agg(attempt_id) INTO events, call_ids, owners FROM (
    SELECT e.id AS event_id, e.provider_call_id, x.id AS attempt_id FROM call_events e
      JOIN attempts x ON x.provider_account_id = e.provider_account_id
        AND (x.provider_call_id = e.provider_call_id OR x.id = e.reference)
      WHERE e.attempt_id IS NULL LIMIT 100) strays;
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
