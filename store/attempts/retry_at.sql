-- When the retry policy calls a recipient again whose attempt ended like this; NULL: never. Counted from when we
-- learned of the end, 10 s at least, so that a fact that corrects it has time to come. r still counts this attempt as
-- spent.
CREATE OR REPLACE FUNCTION retry_at(b batches, r recipient_states, p_outcome text,
  p_now timestamptz) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
DECLARE
  rule jsonb := b.retry_policy -> 'outcomes' -> p_outcome;
  due timestamptz;
BEGIN
  IF rule IS NULL OR p_outcome IN ('ANSWERED', 'INVALID_NUMBER', 'CANCELLED', 'UNCERTAIN')
    OR b.status NOT IN ('SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED')
    OR r.attempts_spent >= least(b.max_attempts, (rule ->> 'attempts')::integer) THEN RETURN NULL; END IF;
  due := greatest(p_now + greatest((rule ->> 'delayMs')::bigint * interval '1 ms', interval '10 s'), r.not_before);
  IF due > (b.retry_policy ->> 'notAfter')::timestamptz OR due >= r.not_after OR due >= b.end_at THEN
    RETURN NULL;
  END IF;
  RETURN due;
END $$;
