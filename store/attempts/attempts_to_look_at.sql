-- Attempts whose time to be looked at has come, p_limit at most, in the order in which they are taken.
--
-- p_room: how many attempts of one account are taken at most. p_rooms has other numbers, by the id of an account or of
-- a workspace: the number of an account replaces p_room, and the number of a workspace bounds each of its accounts too.
-- An account without room (its provider does not answer) is not read at all. Accounts take turns: first the first
-- attempt of each account, then the second of each. Within an account, calls that are to be hung up come first.
CREATE OR REPLACE FUNCTION attempts_to_look_at(p_limit integer, p_room integer, p_rooms jsonb, p_now timestamptz)
RETURNS TABLE (attempt_id uuid, recipient_id uuid)
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
  SET enable_incremental_sort = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off AS $$
#variable_conflict use_column
BEGIN
  -- From one account that has anything unsettled to the next, by the key of attempts_unsettled_idx.
  RETURN QUERY
  WITH RECURSIVE accounts AS (
    (SELECT x.provider_account_id AS id FROM attempts x WHERE x.settle_at IS NOT NULL
      ORDER BY x.provider_account_id, (x.hang_up_asked_at IS NULL), x.settle_at LIMIT 1)
    UNION ALL
    SELECT (SELECT x.provider_account_id FROM attempts x WHERE x.settle_at IS NOT NULL
        AND (x.provider_account_id, (x.hang_up_asked_at IS NULL), x.settle_at) > (accounts.id, true, 'infinity')
      ORDER BY x.provider_account_id, (x.hang_up_asked_at IS NULL), x.settle_at LIMIT 1)
    FROM accounts WHERE accounts.id IS NOT NULL),
  rooms AS (
    -- A workspace that is not named has no room of its own: least passes over NULL.
    SELECT p.id, least(coalesce((p_rooms ->> p.id::text)::integer, p_room),
        (p_rooms ->> p.workspace_id::text)::integer) AS room
      FROM accounts JOIN provider_accounts p ON p.id = accounts.id),
  due AS (
    SELECT x.id, x.recipient_id, rooms.room,
        row_number() OVER (PARTITION BY rooms.id ORDER BY turn.is_last, x.settle_at) AS place
      FROM rooms CROSS JOIN (VALUES (false), (true)) AS turn (is_last)
      CROSS JOIN LATERAL (SELECT y.id, y.recipient_id, y.settle_at FROM attempts y
        WHERE y.settle_at IS NOT NULL
          AND (y.provider_account_id, (y.hang_up_asked_at IS NULL), y.settle_at)
            >= (rooms.id, turn.is_last, '-infinity')
          AND (y.provider_account_id, (y.hang_up_asked_at IS NULL), y.settle_at) <= (rooms.id, turn.is_last, p_now)
        ORDER BY y.provider_account_id, (y.hang_up_asked_at IS NULL), y.settle_at LIMIT greatest(rooms.room, 0)) x)
  SELECT due.id, due.recipient_id FROM due WHERE due.place <= due.room ORDER BY due.place LIMIT p_limit;
END $$;
