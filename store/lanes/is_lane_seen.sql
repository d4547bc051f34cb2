-- Whether lanes of a batch were seen in a process since then: in a claim, or because the process is alive. A process
-- says twice a second that it is, and forgets a batch for which no lane waits there any more (keep_lanes).
CREATE OR REPLACE FUNCTION is_lane_seen(d lane_demand, p_since timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_bitmapscan = off AS $$
BEGIN
  IF d.seen_at > p_since THEN RETURN true; END IF;
  RETURN EXISTS (SELECT FROM lane_processes p WHERE p.process = d.process AND p.seen_at > p_since);
END $$;
