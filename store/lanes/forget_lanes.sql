-- Forgets that lanes of a process wait for batches other than these, where that was last said before p_before. Such a
-- batch may have work and no lane: the sweeper looks at it at p_sweep_at. Waits for nobody: what another transaction
-- holds is left for the next time, the row of lane_demand together with the batch. So no two wait in a circle.
CREATE OR REPLACE FUNCTION forget_lanes(p_process text, p_batches uuid[], p_before timestamptz,
  p_sweep_at timestamptz) RETURNS void LANGUAGE sql
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
  SET enable_material = off AS $$
  WITH gone AS MATERIALIZED (
    SELECT d.batch_id FROM lane_demand d JOIN batches b ON b.id = d.batch_id
      WHERE d.process = p_process AND d.seen_at < p_before AND d.batch_id <> ALL (p_batches)
      FOR NO KEY UPDATE OF d, b SKIP LOCKED),
  hastened AS (
    UPDATE batches b SET sweep_at = p_sweep_at FROM gone
      WHERE b.id = gone.batch_id AND b.status = 'RUNNING' AND (b.sweep_at IS NULL OR b.sweep_at > p_sweep_at))
  DELETE FROM lane_demand d USING gone WHERE d.batch_id = gone.batch_id AND d.process = p_process
$$;
