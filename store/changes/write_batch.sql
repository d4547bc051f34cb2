-- Saves a batch's row as a whole. The caller has read it under its lock, in status p_found.
CREATE OR REPLACE FUNCTION write_batch(n batches, p_found text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  columns text := (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
    WHERE attrelid = 'batches'::regclass AND attnum > 0 AND NOT attisdropped AND attname NOT IN ('id', 'workspace_id'));
  written integer;
BEGIN
  EXECUTE format('UPDATE batches SET (%1$s) = (SELECT %1$s FROM (SELECT ($1).*) n) WHERE id = $2 AND status = $3',
    columns) USING n, n.id, p_found;
  GET DIAGNOSTICS written = ROW_COUNT;
  IF written <> 1 THEN RAISE EXCEPTION 'batch % changed under its lock', n.id; END IF;
END $$;
