-- What a draft lacks to be submitted; NULL when nothing. NO_WINDOW; NO_RECIPIENTS; INCOMPLETE: no name, from-number,
-- agent or time zone; UPLOADS_OPEN: one is received or under review and not among discardImports (p_patch);
-- ZONES_OUTSTANDING: the zones of its recipients are being derived again (write_zone_sets), and until they are, some
-- would be called by the wrong clock. The caller holds W and the batch's row, and has the settings.
CREATE OR REPLACE FUNCTION submit_problem(b batches, p_patch jsonb) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN b."window" IS NULL THEN 'NO_WINDOW'
    WHEN NOT EXISTS (SELECT FROM recipient_states WHERE batch_id = b.id)
      AND NOT EXISTS (SELECT FROM imports WHERE batch_id = b.id AND rows_outstanding) THEN 'NO_RECIPIENTS'
    WHEN num_nulls(b.name, b.from_number_id, b.agent_id, b.time_zone) > 0 THEN 'INCOMPLETE'
    WHEN EXISTS (SELECT FROM imports i WHERE i.batch_id = b.id AND i.status IN ('RECEIVING', 'REVIEW')
      AND NOT coalesce(p_patch -> 'discardImports', '[]') ? i.id::text) THEN 'UPLOADS_OPEN'
    WHEN b.zones_through IS NOT NULL THEN 'ZONES_OUTSTANDING' END
$$;
