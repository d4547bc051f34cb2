-- Writes the zone sets of the next recipients of a draft whose clock was changed (changed_batch sets zones_through).
-- p_chunk: version of the batch, and from, its zones_through, as they were before the recipients were read; through,
-- the ordinal of the last one of this chunk, or null when nobody was left; rows: [{id, zoneSet, timeZone}], timeZone
-- only where a variable of the recipient named it. Returns false, and changes nothing, when the place or the version is
-- another by now (who was edited may have another zone), or when the draft was submitted or deleted: read again. The
-- rows and the place that was reached change in one commit, so a repeat does nothing twice. Who is added meanwhile has
-- the zones of the new hours. Locks the recipients before the batch, as edit_recipient does.
CREATE OR REPLACE FUNCTION write_zone_sets(p_batch uuid, p_chunk jsonb) RETURNS boolean LANGUAGE plpgsql
SET enable_seqscan = off AS $$
DECLARE
  b batches;
  place bigint := (p_chunk ->> 'through')::bigint;
BEGIN
  PERFORM lock_arrivals(p_batch);
  PERFORM FROM recipient_states s WHERE s.batch_id = p_batch AND s.ordinal > (p_chunk ->> 'from')::bigint
    AND s.ordinal <= place ORDER BY s.ordinal FOR NO KEY UPDATE;
  SELECT * INTO b FROM batches WHERE id = p_batch AND status = 'DRAFT' AND deleted_at IS NULL
    AND version = (p_chunk ->> 'version')::integer AND zones_through = (p_chunk ->> 'from')::bigint
    FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE recipients r SET time_zone = given ->> 'timeZone'
    FROM jsonb_array_elements(p_chunk -> 'rows') given
    WHERE r.id = (given ->> 'id')::uuid AND r.batch_id = b.id AND given ? 'timeZone';
  INSERT INTO batch_zones SELECT DISTINCT b.id, given ->> 'zoneSet' FROM jsonb_array_elements(p_chunk -> 'rows') given
    ON CONFLICT DO NOTHING;
  UPDATE recipient_states s SET zone_set = given ->> 'zoneSet'
    FROM jsonb_array_elements(p_chunk -> 'rows') given
    WHERE s.recipient_id = (given ->> 'id')::uuid AND s.batch_id = b.id AND s.zone_set <> given ->> 'zoneSet';
  UPDATE batches SET zones_through = place, version = version + CASE WHEN place IS NULL THEN 1 ELSE 0 END
    WHERE id = b.id AND zones_through = b.zones_through;
  RETURN true;
END $$;
