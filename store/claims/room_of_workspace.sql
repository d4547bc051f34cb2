-- What a workspace has left at one instant. batch_slots keeps the largest reserve of the batches that run and are open
-- free for other traffic; all_slots does not. starts is what calls per second leave; starts_until when that is 0. held:
-- the slots that each batch holds with each number, as [{batch, number, live, dialing}]; dialing are among the live.
CREATE OR REPLACE FUNCTION room_of_workspace(p_workspace uuid, p_now timestamptz, p_dial_budget interval,
  OUT batch_slots integer, OUT all_slots integer, OUT starts integer, OUT starts_until timestamptz, OUT held jsonb)
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off
  SET enable_mergejoin = off SET enable_material = off AS $$
DECLARE
  w workspaces;
  reserve integer;
BEGIN
  SELECT * INTO w FROM workspaces WHERE id = p_workspace;
  SELECT w.concurrency_limit - coalesce(sum(h.live), 0), coalesce(jsonb_agg(h), '[]') INTO all_slots, held
    FROM (SELECT batch_id AS batch, from_number_id AS number, count(*) AS live,
        count(*) FILTER (WHERE state = 'DIALING') AS dialing
      FROM held_slots(p_workspace) GROUP BY batch_id, from_number_id) h;
  SELECT coalesce(max(b.reserved_concurrency), 0) INTO reserve FROM batches b
    WHERE b.workspace_id = p_workspace AND b.status = 'RUNNING' AND b.reserved_concurrency > 0
      AND EXISTS (SELECT FROM open_zones(b.id, p_now, interval '0', false));
  batch_slots := all_slots - reserve;
  SELECT l.starts, l.until_at INTO starts, starts_until
    FROM starts_left(w.calls_per_second, p_workspace, NULL, NULL, p_now, p_dial_budget) l;
END $$;
