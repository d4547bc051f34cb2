-- Moves at most p_limit accepted rows of a confirmed import into its batch. Row, recipient and the place that was
-- reached change in one commit, so a repeat adds nobody twice. Returns true when more is left; false also while
-- somebody else moves its rows. Rows for a batch that takes nobody any more are dropped; a deleted one takes them,
-- since it may be restored. The batch's row is locked at the end only, since calls that end wait for it: an
-- outstanding import keeps a batch from finishing, and what else may have happened to it meanwhile makes the chunk be
-- repeated.
CREATE OR REPLACE FUNCTION move_import_rows(p_import uuid, p_limit integer) RETURNS boolean LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  i imports;
  b batches;
  seen batches;
  rows jsonb;
  found_rows integer;
  through integer;
  moved integer := 0;
BEGIN
  SELECT * INTO i FROM imports WHERE id = p_import AND rows_outstanding FOR NO KEY UPDATE SKIP LOCKED;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM lock_arrivals(i.batch_id);
  SELECT * INTO seen FROM batches WHERE id = i.batch_id;
  -- From the place that was reached: deleted rows before it stay in the index for as long as any transaction is open.
  SELECT max(row_number), count(*) INTO through, found_rows FROM (SELECT row_number FROM import_rows
    WHERE import_id = i.id AND accepted AND row_number > i.moved_through ORDER BY row_number LIMIT p_limit) chunk;
  WITH taken AS (DELETE FROM import_rows
    WHERE import_id = i.id AND accepted AND row_number > i.moved_through AND row_number <= through
    RETURNING row_number, content)
  SELECT json_agg(content ORDER BY row_number) INTO rows FROM taken;
  IF found_rows > 0 AND seen.status NOT IN ('COMPLETED', 'FAILED') THEN
    moved := insert_recipients(seen.id, i.id, rows);
  END IF;
  SELECT * INTO b FROM batches WHERE id = i.batch_id FOR NO KEY UPDATE;
  IF (b.status, b.generation, b.deleted_at) IS DISTINCT FROM (seen.status, seen.generation, seen.deleted_at) THEN
    RAISE EXCEPTION 'batch % changed while rows of import % became recipients', b.id,
      i.id USING ERRCODE = 'serialization_failure';
  END IF;
  IF moved > 0 AND b.status = 'CANCELLED' THEN UPDATE batches SET chunk_work = coalesce(chunk_work, 'CANCEL')
    WHERE id = b.id; END IF;
  UPDATE imports SET moved_rows = moved_rows + moved, moved_through = coalesce(through, moved_through),
    rows_outstanding = found_rows = p_limit WHERE id = i.id;
  IF found_rows = p_limit THEN RETURN true; END IF;
  UPDATE batches SET version = version + 1 WHERE id = b.id;
  PERFORM notify_lanes(b.workspace_id);
  RETURN false;
END $$;
