-- How many lanes of a batch may wait: as many as it can use, and one at least. That is what its own limits and those of
-- its number allow, and twice its share of the workspace's slots among the batches that want some now. Twice, because
-- several slots may be freed at once while lanes are still dialling.
CREATE OR REPLACE FUNCTION lanes_of_use(p_batch uuid, p_now timestamptz) RETURNS integer LANGUAGE sql STABLE
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
  SET enable_material = off AS $$
  SELECT greatest(1, least(lanes_max(), b.concurrency_limit, n.concurrency_limit,
      ceil(2.0 * w.concurrency_limit / (1 + others.wanting))))::integer
    FROM batches b JOIN phone_numbers n ON n.id = b.from_number_id JOIN workspaces w ON w.id = b.workspace_id,
    LATERAL (SELECT count(*) AS wanting FROM lane_demand d
      WHERE d.workspace_id = w.id AND d.batch_id <> b.id AND d.wants > 0
        AND is_lane_seen(d, p_now - interval '2 s')) others
    WHERE b.id = p_batch
$$;
