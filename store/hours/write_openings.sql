-- The times at which calling is allowed, for one hours version; computed by domain/hours/batch-hours.ts, never in SQL.
-- p_planned: PlannedOpenings. A zone set that was added meanwhile leaves the batch to be extended again; until then
-- nobody in it is called. What is over for a day, and what belongs to an older hours version, is deleted.
CREATE OR REPLACE FUNCTION write_openings(p_batch uuid, p_hours_version integer, p_planned jsonb)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM openings WHERE batch_id = p_batch
    AND (hours_version < p_hours_version OR closes_at < dialwright_now() - interval '1 day');
  INSERT INTO openings (batch_id, hours_version, zone_set, opens_at, closes_at)
    SELECT p_batch, p_hours_version, o ->> 'zoneSet', to_timestamp((o ->> 'opensAtMs')::numeric / 1000),
      to_timestamp((o ->> 'closesAtMs')::numeric / 1000)
    FROM jsonb_array_elements(p_planned -> 'openings') o
    ON CONFLICT (batch_id, hours_version, zone_set, opens_at) DO UPDATE
      SET closes_at = greatest(openings.closes_at, excluded.closes_at);
  UPDATE batches SET
    zone_data = p_planned ->> 'zoneData',
    openings_until = CASE
      WHEN NOT EXISTS (SELECT FROM batch_zones z
        WHERE z.batch_id = p_batch AND NOT p_planned -> 'zoneSets' ? z.zone_set)
      THEN to_timestamp((p_planned ->> 'untilMs')::numeric / 1000) END
    WHERE id = p_batch AND hours_version = p_hours_version;
END $$;
