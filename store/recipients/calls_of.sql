-- How many times a recipient was called: attempts that were spent, over all batch retries. Counted, never kept as a
-- number, because evidence of a call may come to any attempt at any time. The other attempts are refusals: released
-- before anything was sent, put off by the provider, or proven not placed.
CREATE OR REPLACE FUNCTION calls_of(r recipient_states) RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN r.attempt_count = 0 THEN 0 ELSE (SELECT count(*)::integer FROM attempts a
    WHERE a.recipient_id = r.recipient_id AND a.spends_attempt) END
$$;
