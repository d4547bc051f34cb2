-- How many calls may start now from a number that its provider refused for capacity; when that may change by itself, at
-- the latest. Nothing during the pause. After it one call at a time until one is accepted. Then as many as its ceiling
-- leaves beside its live calls. After 5 minutes without a refusal one call at a time may start above the ceiling, so
-- that a long or uncertain call cannot hold a number back for good. live, dialing: how many calls of it are, now.
CREATE OR REPLACE FUNCTION capacity_left(n phone_numbers, p_now timestamptz, live integer, dialing integer,
  OUT calls integer, OUT until_at timestamptz) LANGUAGE plpgsql STABLE AS $$
DECLARE above_from timestamptz := n.backed_off_until + interval '5 minutes';
BEGIN
  calls := 0;
  IF n.backoff_ms > 0 AND n.backed_off_until > p_now THEN until_at := n.backed_off_until; RETURN; END IF;
  IF live >= n.call_ceiling AND above_from > p_now THEN until_at := above_from; RETURN; END IF;
  IF live < n.call_ceiling AND n.backoff_ms = 0 THEN calls := n.call_ceiling - live; RETURN; END IF;
  IF dialing = 0 THEN calls := 1; END IF;
END $$;
