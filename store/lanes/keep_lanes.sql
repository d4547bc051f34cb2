-- A process says that it is alive, and for which batches lanes wait in it. What an earlier claim said about other
-- batches is forgotten. A row that was written within the last second stays: its lane may have come after the list.
CREATE OR REPLACE FUNCTION keep_lanes(p_process text, p_batches uuid[]) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
  SET enable_material = off AS $$
DECLARE t timestamptz := dialwright_now();
BEGIN
  INSERT INTO lane_processes AS p (process, seen_at) VALUES (p_process, t)
    ON CONFLICT (process) DO UPDATE SET seen_at = excluded.seen_at;
  PERFORM forget_lanes(p_process, p_batches, t - interval '1 s', t + interval '1.5 s');
END $$;
