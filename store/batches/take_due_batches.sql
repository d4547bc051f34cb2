-- Batches that the sweeper has to look at, those that are longest due first. Each is one sweeper's, and due again when
-- that one has not said otherwise before p_lease has passed. Reads only these, by batches_sweep_idx.
CREATE OR REPLACE FUNCTION take_due_batches(p_limit integer, p_lease interval) RETURNS SETOF uuid LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
  SET enable_incremental_sort = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off AS $$
DECLARE t timestamptz := dialwright_now();
BEGIN
  RETURN QUERY
  WITH due AS MATERIALIZED (
    SELECT id FROM batches WHERE sweep_at <= t ORDER BY sweep_at LIMIT p_limit FOR NO KEY UPDATE SKIP LOCKED)
  UPDATE batches b SET sweep_at = t + p_lease FROM due WHERE b.id = due.id RETURNING b.id;
END $$;
