-- The attempts of a workspace that hold a slot. Reads those that were claimed since the newest slot epoch began, and
-- the few that it lists of before. So the look costs as much under a snapshot that has been open for hours as without
-- one: index entries of calls that have ended stay while a transaction could see them, and each is passed.
CREATE OR REPLACE FUNCTION held_slots(p_workspace uuid) RETURNS TABLE (id uuid, batch_id uuid, recipient_id uuid,
  provider_account_id uuid, from_number_id uuid, state text, hang_up_asked_at timestamptz, slot_epoch integer)
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
  SET enable_incremental_sort = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off AS $$
#variable_conflict use_column
DECLARE e slot_epochs;
BEGIN
  SELECT * INTO e FROM slot_epochs WHERE workspace_id = p_workspace ORDER BY workspace_id DESC, epoch DESC LIMIT 1;
  -- By the whole key of attempts_slots_idx: another index would read every call that there was.
  RETURN QUERY SELECT a.id, a.batch_id, a.recipient_id, a.provider_account_id, a.from_number_id, a.state,
      a.hang_up_asked_at, a.slot_epoch
    FROM attempts a
    WHERE (a.workspace_id, a.slot_epoch) >= (p_workspace, coalesce(e.epoch, 0))
      AND (a.workspace_id, a.slot_epoch) <= (p_workspace, 2147483647) AND a.slot_held
    ORDER BY a.workspace_id, a.slot_epoch;
  RETURN QUERY SELECT a.id, a.batch_id, a.recipient_id, a.provider_account_id, a.from_number_id, a.state,
      a.hang_up_asked_at, a.slot_epoch
    FROM attempts a
    -- In an order that the key of attempts alone has: a join would read every call for each of them.
    WHERE a.id = ANY (e.older) AND CASE WHEN a.slot_held THEN a.slot_epoch < e.epoch END
    ORDER BY a.id;
END $$;
