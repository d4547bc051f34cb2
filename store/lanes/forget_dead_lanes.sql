-- Forgets the lanes of processes that were not seen for p_lost: the sweeper looks at their batches at once. A process
-- that was only frozen is there again with its next sign of life, and its lanes with their next claim.
CREATE OR REPLACE FUNCTION forget_dead_lanes(p_lost interval) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  t timestamptz := dialwright_now();
  dead text;
BEGIN
  FOR dead IN SELECT process FROM lane_processes WHERE seen_at < t - p_lost FOR UPDATE SKIP LOCKED LOOP
    PERFORM forget_lanes(dead, '{}', t - p_lost, t);
    DELETE FROM lane_processes p WHERE p.process = dead
      AND NOT EXISTS (SELECT FROM lane_demand d WHERE d.process = dead);
  END LOOP;
END $$;
