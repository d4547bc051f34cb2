-- What differs between two states of a row, as {before, after} for record_audit: columns by their names, a column
-- `settings` by what it has. Left out is what only we keep (versions, times of our own). Credentials are told as
-- changed, never as what they are.
CREATE OR REPLACE FUNCTION changed_fields(p_before jsonb, p_after jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  WITH sides AS (SELECT coalesce(p_before, '{}') - 'settings' || coalesce(p_before -> 'settings', '{}') AS b,
      coalesce(p_after, '{}') - 'settings' || coalesce(p_after -> 'settings', '{}') AS a),
  names AS (SELECT jsonb_object_keys(b) AS name FROM sides UNION SELECT jsonb_object_keys(a) FROM sides),
  changed AS (SELECT name, CASE name WHEN 'credentials' THEN 'null' ELSE b -> name END AS before,
      CASE name WHEN 'credentials' THEN '"changed"' ELSE a -> name END AS after
    FROM names, sides
    WHERE b -> name IS DISTINCT FROM a -> name AND NOT name = ANY ('{id,workspace_id,created_at,version,hours_version,
      openings_until,openings_zone_data,zones_through,breakers_since,sweep_at,chunk_work,run_handled,run_checked_at,
      lane_epoch,unanswered_since,unsent_count,unsent_until,wake_sent_version,wake_sent_at,identity_version,
      rule_packs_version,
      generation,lock_key,key_hash,last_used_at,backoff_ms,backed_off_until,call_ceiling,ceiling_accepted,
      submitted_at,started_at,finished_at,status_changed_at,status_changed_by}'::text[]))
  SELECT jsonb_build_object('before', coalesce(jsonb_object_agg(name, before) FILTER (WHERE before IS NOT NULL), '{}'),
    'after', coalesce(jsonb_object_agg(name, after) FILTER (WHERE after IS NOT NULL), '{}')) FROM changed
$$;
