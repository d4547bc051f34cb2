-- HEARTBEAT. An API process says that it takes webhooks. When no process has said so for p_gap, webhooks of the time
-- between were missed, whatever was away: every API process, or PostgreSQL, without which none can be recorded. As long
-- as one process goes on there is no gap. One row for all processes, at most two writes a second; processes that come
-- at the same time note one gap. Returns how long the gap was, in ms; NULL: there was none.
CREATE OR REPLACE FUNCTION take_webhooks(p_gap interval) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz;
  before timestamptz;
BEGIN
  SELECT heard_at INTO before FROM api_heartbeat FOR NO KEY UPDATE;
  t := dialwright_now();
  IF NOT FOUND THEN
    INSERT INTO api_heartbeat (heard_at) VALUES (t) ON CONFLICT DO NOTHING;
    RETURN NULL;
  END IF;
  -- A time to come was written before the clock went back.
  IF before BETWEEN t - interval '0.5 s' AND t THEN RETURN NULL; END IF;
  UPDATE api_heartbeat SET heard_at = t;
  IF before >= t - p_gap THEN RETURN NULL; END IF;
  PERFORM note_webhook_gap(NULL, interval '0');
  RETURN least(extract(epoch FROM t - before) * 1000, 2147483647)::integer;
END $$;
