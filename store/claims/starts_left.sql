-- How many calls may start now at a rate per second, for a workspace, one of its numbers or one of its batches. Counted
-- over one second and the dial budget: a request leaves up to the budget after its claim, so that no rolling second of
-- requests passes the rate. A start stamped more than 5 s ahead means that the clock went back; it is not counted.
CREATE OR REPLACE FUNCTION starts_left(p_rate integer, p_workspace uuid, p_number uuid, p_batch uuid,
  p_now timestamptz, p_dial_budget interval,
  OUT starts integer, OUT until_at timestamptz) LANGUAGE plpgsql STABLE SET enable_seqscan = off
    SET enable_bitmapscan = off SET enable_sort = off SET enable_incremental_sort = off AS $$
DECLARE span interval := interval '1 s' + p_dial_budget;
BEGIN
  starts := 2147483647;
  IF p_rate IS NULL THEN RETURN; END IF;
  SELECT greatest(p_rate - count(*), 0), max(recent.dialing_at) FILTER (WHERE place = p_rate) + span
    INTO starts, until_at
    FROM (SELECT dialing_at, row_number() OVER (ORDER BY dialing_at DESC) AS place FROM attempts
      WHERE (workspace_id, dialing_at) > (p_workspace, p_now - span)
        AND (workspace_id, dialing_at) <= (p_workspace, p_now + interval '5 s')
        AND (p_number IS NULL OR from_number_id = p_number) AND (p_batch IS NULL OR batch_id = p_batch)) recent;
END $$;
