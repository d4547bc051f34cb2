-- Recipients whose `not after` has passed while they waited: FAILED, with the reason EXPIRED; at most p_limit in one
-- call, those that expired first. Locked ones are left for the next call. Returns how many. Reads these only, by
-- recipient_states_expiry_idx, whose order no other index has.
CREATE OR REPLACE FUNCTION expire_recipients(p_limit integer) RETURNS integer LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
  SET enable_incremental_sort = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off AS $$
DECLARE
  t timestamptz := dialwright_now();
  expired integer;
BEGIN
  WITH overdue AS MATERIALIZED (SELECT recipient_id, state FROM recipient_states
    WHERE state = 'WAITING' AND not_after <= t ORDER BY not_after LIMIT p_limit FOR NO KEY UPDATE SKIP LOCKED)
  UPDATE recipient_states r SET state = 'FAILED', last_error = 'EXPIRED', wait_reason = NULL FROM overdue o
    -- The state that was found: 'WAITING' would let the planner take the index of all who wait.
    WHERE r.recipient_id = o.recipient_id AND r.state = o.state;
  GET DIAGNOSTICS expired = ROW_COUNT;
  RETURN expired;
END $$;
