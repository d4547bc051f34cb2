-- Deletes the rows of lane_demand that a process wrote before p_before for batches other than p_batches. A batch whose
-- row is deleted may have work and no lane, so the sweeper looks at it at p_sweep_at at the latest. Waits for nobody:
-- when another transaction holds the row of lane_demand or the row of its batch, both are left for the next time. So no
-- two transactions wait for each other in a circle.
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
