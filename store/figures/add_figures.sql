-- Adds changes of figures that were written and not added yet, at most `p_max`, and tells who listens whose they are.
-- One at a time: who comes meanwhile does nothing.
CREATE OR REPLACE FUNCTION add_figures(p_max integer) RETURNS void LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  -- Transactions before it are over: what they wrote is seen below.
  finished bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
  added_until bigint;
  changed record;
BEGIN
  SELECT c.xid INTO added_until FROM figures_cursor c FOR NO KEY UPDATE SKIP LOCKED;
  IF NOT FOUND THEN RETURN; END IF;
  -- A dump was restored into a cluster that counts its transactions anew.
  IF added_until > finished THEN
    added_until := 0;
    UPDATE figures_cursor SET xid = added_until;
  END IF;
  FOR changed IN
    WITH taken AS (DELETE FROM figure_changes WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM figure_changes WHERE xid >= added_until ORDER BY xid LIMIT p_max)) RETURNING *),
      of_batches AS (INSERT INTO batch_figures AS f
        SELECT batch_id, bucket_at, measure, sum(change)::bigint FROM taken GROUP BY 1, 2, 3
        ON CONFLICT (batch_id, bucket_at, measure) DO UPDATE SET value = f.value + excluded.value),
      of_workspaces AS (INSERT INTO workspace_figures AS f
        SELECT workspace_id, bucket_at, measure, sum(change)::bigint FROM taken GROUP BY 1, 2, 3
        ON CONFLICT (workspace_id, bucket_at, measure) DO UPDATE SET value = f.value + excluded.value)
    SELECT DISTINCT workspace_id, batch_id FROM taken
  LOOP
    PERFORM note_change_of(changed.workspace_id, 'calls', changed.batch_id);
  END LOOP;
  -- Moved now and then only: each time leaves a row behind, for as long as a snapshot lasts.
  IF finished - added_until > 2000 AND NOT EXISTS (
    SELECT FROM figure_changes WHERE xid >= added_until AND xid < finished) THEN
    UPDATE figures_cursor SET xid = finished;
  END IF;
END $$;
