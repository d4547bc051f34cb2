-- Moves the next look at live calls whose webhooks may have been missed to now and the seconds to come: three seconds
-- where the kind of the account answers for many calls at once, else to those that the gap has. Each call has
-- its own place in the spread, by a hash of its id: repeating it changes nothing. A call that was looked at since is
-- left alone (its next look is more than a poll interval after the gap), and so is one that started later. While no API
-- process takes webhooks at all, every account has such a gap, again every 10 seconds. At most p_limit calls a time;
-- those that somebody is just writing are passed over, and the gap stays open until none is left. Waits for no attempt.
-- Returns how many were moved.
CREATE OR REPLACE FUNCTION hasten_looks(p_limit integer, p_kinds_with_pages text[]) RETURNS integer LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  t timestamptz := dialwright_now();
  accounts uuid[];
  ids uuid[];
  looks timestamptz[];
  moved integer;
BEGIN
  IF EXISTS (SELECT FROM api_heartbeat WHERE heard_at < t - interval '5 s') THEN
    PERFORM note_webhook_gap(NULL, interval '10 s');
  END IF;
  accounts := ARRAY(SELECT provider_account_id FROM webhook_gaps WHERE is_open
    ORDER BY provider_account_id LIMIT 1000 FOR NO KEY UPDATE SKIP LOCKED);
  IF cardinality(accounts) = 0 THEN RETURN 0; END IF;
  -- What is to be looked at is found by its own small index, whatever the account has had before.
  WITH awaited AS MATERIALIZED (
    SELECT a.id, a.provider_account_id, a.dialing_at, a.settle_at FROM attempts a
      WHERE a.settle_at > '-infinity' AND a.state = 'IN_PROGRESS'),
  missed AS (
    SELECT a.id, a.settle_at, g.missed_until + place.ms * interval '1 ms' AS look_at
      FROM webhook_gaps g JOIN provider_accounts p ON p.id = g.provider_account_id
      JOIN awaited a ON a.provider_account_id = g.provider_account_id
      CROSS JOIN LATERAL (SELECT (hashtext(a.id::text) & 1023) / 1024.0
        * CASE WHEN p.kind = ANY (p_kinds_with_pages) THEN least(g.spread_ms, 3000) ELSE g.spread_ms END AS ms) place
      WHERE g.provider_account_id = ANY (accounts) AND a.dialing_at < g.missed_until
        AND a.settle_at <= g.missed_until + p.poll_interval_ms * interval '1 ms')
  SELECT coalesce(array_agg(id ORDER BY look_at), '{}'), coalesce(array_agg(look_at ORDER BY look_at), '{}')
    INTO ids, looks FROM missed WHERE settle_at > look_at;
  WITH free AS (
    SELECT a.id, m.look_at FROM unnest(ids[1:p_limit], looks[1:p_limit]) AS m (id, look_at)
      JOIN attempts a ON a.id = m.id
      WHERE a.state = 'IN_PROGRESS' AND a.settle_at > m.look_at FOR NO KEY UPDATE OF a SKIP LOCKED)
  UPDATE attempts a SET settle_at = free.look_at FROM free
    WHERE a.id = free.id AND a.state = 'IN_PROGRESS' AND a.settle_at > free.look_at;
  GET DIAGNOSTICS moved = ROW_COUNT;
  IF moved = cardinality(ids) THEN
    UPDATE webhook_gaps SET is_open = false WHERE provider_account_id = ANY (accounts) AND is_open;
  END IF;
  RETURN moved;
END $$;
