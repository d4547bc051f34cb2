-- Adds changes of figures that were written and not added yet, at most `p_max`, and tells who listens whose they are.
-- One at a time: who comes meanwhile does nothing.
CREATE OR REPLACE FUNCTION add_figures(p_max integer) RETURNS void LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  -- Transactions before it are over: what they wrote is seen below.
  finished bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
  added_until bigint;
  of_batches jsonb;
  of_workspaces jsonb;
  changed record;
BEGIN
  SELECT c.xid INTO added_until FROM figures_cursor c FOR NO KEY UPDATE SKIP LOCKED;
  IF NOT FOUND THEN RETURN; END IF;
  -- A dump was restored into a cluster that counts its transactions anew.
  IF added_until > finished THEN
    added_until := 0;
    UPDATE figures_cursor SET xid = added_until;
  END IF;
  WITH taken AS (DELETE FROM figure_changes WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM figure_changes WHERE xid >= added_until ORDER BY xid LIMIT p_max)) RETURNING *),
    -- Those of workspaces have no batch. Named as the columns of the tables.
    quarters AS (SELECT workspace_id, batch_id, bucket_at,
        coalesce(sum(change) FILTER (WHERE measure = 'SENT'), 0) AS sent,
        coalesce(sum(change) FILTER (WHERE measure = 'ENDED'), 0) AS ended,
        coalesce(sum(change) FILTER (WHERE measure = 'ANSWERED'), 0) AS answered,
        coalesce(sum(change) FILTER (WHERE measure = 'VOICEMAIL'), 0) AS voicemail,
        coalesce(sum(change) FILTER (WHERE measure = 'NO_ANSWER'), 0) AS no_answer,
        coalesce(sum(change) FILTER (WHERE measure = 'BUSY'), 0) AS busy,
        coalesce(sum(change) FILTER (WHERE measure = 'DECLINED'), 0) AS declined,
        coalesce(sum(change) FILTER (WHERE measure = 'INVALID_NUMBER'), 0) AS invalid_number,
        coalesce(sum(change) FILTER (WHERE measure = 'UNREACHABLE'), 0) AS unreachable,
        coalesce(sum(change) FILTER (WHERE measure = 'PROVIDER_ERROR'), 0) AS provider_error,
        coalesce(sum(change) FILTER (WHERE measure = 'AGENT_ERROR'), 0) AS agent_error,
        coalesce(sum(change) FILTER (WHERE measure = 'CANCELLED'), 0) AS cancelled,
        coalesce(sum(change) FILTER (WHERE measure = 'UNCERTAIN'), 0) AS uncertain,
        coalesce(sum(change) FILTER (WHERE measure = 'SUCCESSFUL'), 0) AS successful,
        coalesce(sum(change) FILTER (WHERE measure = 'REFUSED'), 0) AS refused,
        coalesce(sum(change) FILTER (WHERE measure = 'TALK_MS'), 0) AS talk_ms
      FROM taken GROUP BY GROUPING SETS ((workspace_id, batch_id, bucket_at), (workspace_id, bucket_at)))
  SELECT jsonb_agg(to_jsonb(q)) FILTER (WHERE q.batch_id IS NOT NULL),
    jsonb_agg(to_jsonb(q)) FILTER (WHERE q.batch_id IS NULL)
    INTO of_batches, of_workspaces FROM quarters q;
  PERFORM add_quarters(of_batches, of_workspaces);
  FOR changed IN
    SELECT DISTINCT q.workspace_id, q.batch_id FROM jsonb_to_recordset(of_batches) q (workspace_id uuid, batch_id uuid)
  LOOP
    PERFORM note_change_of(changed.workspace_id, 'calls', changed.batch_id);
  END LOOP;
  -- Moved now and then only: each time leaves a row behind, for as long as a snapshot lasts.
  IF finished - added_until > 2000 AND NOT EXISTS (
    SELECT FROM figure_changes WHERE xid >= added_until AND xid < finished) THEN
    UPDATE figures_cursor SET xid = finished;
  END IF;
END $$;
