-- A fact and the answer that tells its call id may be committed at the same moment, neither seeing the other. So facts
-- without an attempt are looked at again while they are new, longer than any transaction lasts: by
-- call_events_stray_received_at_idx, and each by its call id. Returns how many attempts changed.
CREATE OR REPLACE FUNCTION match_strays() RETURNS integer LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET enable_incremental_sort = off
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off AS $$
DECLARE
  t timestamptz := dialwright_now();
  events uuid[];
  call_ids text[];
  owners uuid[];
  a attempts;
  matched integer := 0;
BEGIN
  SELECT array_agg(event_id), array_agg(provider_call_id), array_agg(attempt_id) INTO events, call_ids, owners FROM (
    SELECT e.id AS event_id, e.provider_call_id, x.id AS attempt_id FROM call_events e
      JOIN attempts x ON x.provider_account_id = e.provider_account_id AND x.provider_call_id = e.provider_call_id
      WHERE e.attempt_id IS NULL AND e.received_at > '-infinity' AND e.received_at > t - interval '30 s'
      ORDER BY e.received_at LIMIT 100) strays;
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
