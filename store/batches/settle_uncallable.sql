-- Settles recipients to whom no call may start any more, at most p_limit in one call. After the end of the batch all
-- who wait: FAILED, with the reason BATCH_ENDED. Before it those whose hours never open, when all others are settled:
-- by the outcome of a call that they had, else FAILED, with the reason NEVER_OPEN. Whose last attempt may still turn
-- out to be a call waits for that first, but not past the end. Holds the batch's row, so that its hours stay what was
-- looked at, and nobody is added meanwhile. Those that are just being written are left for the next call. Returns true
-- when more may be left. Reads those who wait only, in the order of recipient_states_claim_idx.
CREATE OR REPLACE FUNCTION settle_uncallable(p_batch uuid, p_dial_budget interval, p_limit integer) RETURNS boolean
LANGUAGE plpgsql SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
  SET enable_incremental_sort = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off AS $$
DECLARE
  b batches;
  t timestamptz;
  why text;
  zones text[];
  moved integer;
BEGIN
  SELECT * INTO b FROM batches WHERE id = p_batch AND status IN ('SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED')
    AND deleted_at IS NULL FOR NO KEY UPDATE SKIP LOCKED;
  IF NOT FOUND THEN RETURN false; END IF;
  t := dialwright_now();
  IF b.end_at <= t THEN
    why := 'BATCH_ENDED';
    zones := ARRAY(SELECT zone_set FROM batch_zones WHERE batch_id = b.id);
  ELSIF (SELECT reason FROM batch_prospect(b.id, t, p_dial_budget)) = 'NEVER_OPEN' THEN
    why := 'NEVER_OPEN';
    zones := never_open_zones(b.id, t, p_dial_budget);
  ELSE
    RETURN false;
  END IF;
  WITH chunk AS MATERIALIZED (SELECT s.* FROM unnest(zones) AS z (zone_set) CROSS JOIN LATERAL (
      SELECT recipient_id, state FROM recipient_states r
      WHERE r.batch_id = b.id AND r.zone_set = z.zone_set AND r.state = 'WAITING'
        AND (why = 'BATCH_ENDED' OR r.due_at < 'infinity')
      ORDER BY r.due_at, r.ordinal LIMIT p_limit FOR NO KEY UPDATE SKIP LOCKED) s LIMIT p_limit)
  UPDATE recipient_states r SET last_error = why, wait_reason = NULL,
    state = CASE WHEN why = 'NEVER_OPEN' THEN coalesce(recipient_state_of(r.last_outcome), 'FAILED')
      ELSE 'FAILED' END FROM chunk c
    -- The state that was found: 'WAITING' would let the planner take the index of all who wait.
    WHERE r.recipient_id = c.recipient_id AND r.state = c.state;
  GET DIAGNOSTICS moved = ROW_COUNT;
  IF moved > 0 THEN
    PERFORM record_audit(b.workspace_id, '"dialwright"', 'settle', jsonb_build_object('batchId', b.id,
      'target', jsonb_build_object('kind', 'batch', 'id', b.id),
      'detail', jsonb_build_object('reason', why, 'count', moved)));
    UPDATE batches SET version = version + 1 WHERE id = b.id;
    PERFORM notify_lanes(b.workspace_id);
  END IF;
  RETURN moved = p_limit;
END $$;
