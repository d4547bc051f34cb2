-- Whether a job may change a recipient in the state in which it is. One that is claimed, or in a call, never: a remove
-- and an edit take those who wait, a verdict those whose attempt nobody will explain any more, since its hard end has
-- passed, a retry those who are settled (may_be_retried).
CREATE OR REPLACE FUNCTION may_change_by_job(s recipient_states, j jobs, b batches) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT CASE j.kind
    WHEN 'settle' THEN s.state = 'UNCERTAIN'
      AND EXISTS (SELECT FROM attempts a WHERE a.id = s.last_attempt_id AND a.state = 'UNCERTAIN')
    WHEN 'retry' THEN s.generation < b.generation AND s.state IN ('NO_ANSWER', 'FAILED', 'CANCELLED')
      AND may_be_retried(s, (j.change ->> 'cancelledToo')::boolean)
    ELSE s.state = 'WAITING' END
$$;
