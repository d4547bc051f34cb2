-- Webhooks of an account (NULL: of every account) may have been missed until now: its live calls are to be looked up at
-- once, spread over 3 seconds, or over 20 ms a call where that is more and each call is asked for alone; hasten_looks
-- does it, in any worker. Only
-- accounts that rely on webhooks: one that is polled every 5 seconds learns as soon by itself. Noted again at most once
-- in p_at_most_every. Takes rows in the order of accounts, and is the last thing that its transaction does. Returns how
-- many accounts.
CREATE OR REPLACE FUNCTION note_webhook_gap(p_account uuid, p_at_most_every interval) RETURNS integer LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  t timestamptz := dialwright_now();
  noted integer;
BEGIN
  INSERT INTO webhook_gaps AS g (provider_account_id, missed_until, spread_ms)
    SELECT p.id, t, least(greatest(3000, 20 * live.calls), p.poll_interval_ms)
    FROM provider_accounts p CROSS JOIN LATERAL (SELECT count(*)::integer AS calls FROM held_slots(p.workspace_id) h
      WHERE h.state = 'IN_PROGRESS' AND h.provider_account_id = p.id) live
    WHERE (p_account IS NULL OR p.id = p_account) AND p.poll_interval_ms > 5000 AND live.calls > 0
    ORDER BY p.id
    ON CONFLICT (provider_account_id) DO UPDATE
      SET missed_until = excluded.missed_until, spread_ms = excluded.spread_ms, is_open = true
      -- A clock that went back leaves a time to come here.
      WHERE g.missed_until NOT BETWEEN excluded.missed_until - p_at_most_every AND excluded.missed_until;
  GET DIAGNOSTICS noted = ROW_COUNT;
  RETURN noted;
END $$;
