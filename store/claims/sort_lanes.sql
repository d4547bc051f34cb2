-- Which lanes of a claim may be given a call. p_lanes: as claim_calls has them; lane is the place in that list. refusal
-- is NULL for a lane that may, else:
--   REPEATED     its claim key has an attempt already: it never dials again
--   STALE        its batch has another generation or is not of this workspace, or its key is here twice: an activity
--                was repeated while its first execution still waits
--   LEFT_BEHIND  its run is not the last one of its batch, nor the one before, which may go on until others are there
CREATE OR REPLACE FUNCTION sort_lanes(p_workspace uuid, p_lanes jsonb)
RETURNS TABLE (lane integer, batch_id uuid, claim_key text, dial_token uuid, refusal text, repeated jsonb)
LANGUAGE sql STABLE AS $$
  SELECT l.lane::integer, l."batchId", l."claimKey", l."dialToken",
      CASE
        WHEN x.id IS NOT NULL THEN 'REPEATED'
        WHEN l."laneEpoch" < b.lane_epoch - 1 THEN 'LEFT_BEHIND'
        WHEN l.generation IS DISTINCT FROM b.generation THEN 'STALE'
        WHEN row_number() OVER (PARTITION BY l."claimKey" ORDER BY l.lane) > 1 THEN 'STALE'
      END,
      CASE WHEN x.id IS NOT NULL THEN jsonb_build_object('id', x.id, 'state', x.state, 'phone', x.phone) END
    FROM ROWS FROM (jsonb_to_recordset(p_lanes)
      AS ("batchId" uuid, generation integer, "laneEpoch" integer, "claimKey" text, "dialToken" uuid))
      WITH ORDINALITY AS l ("batchId", generation, "laneEpoch", "claimKey", "dialToken", lane)
    LEFT JOIN LATERAL (SELECT * FROM batches
      WHERE id = l."batchId" AND workspace_id = p_workspace ORDER BY id LIMIT 1) b ON true
    LEFT JOIN LATERAL (SELECT * FROM attempts
      WHERE claim_key = l."claimKey" ORDER BY claim_key LIMIT 1) x ON true
$$;
