-- Whether a batch retry calls this recipient again: failed and unanswered ones, and after a cancel all who waited when
-- it came: never called, or to be called again. Not who is CANCELLED because the last call was, or who was removed.
CREATE OR REPLACE FUNCTION may_be_retried(r recipient_states,
  p_cancelled_too boolean) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT CASE r.state
    WHEN 'NO_ANSWER' THEN true
    WHEN 'FAILED' THEN r.last_error IS DISTINCT FROM 'EXPIRED' AND r.last_outcome IS DISTINCT FROM 'INVALID_NUMBER'
    WHEN 'CANCELLED' THEN p_cancelled_too AND r.last_outcome IS DISTINCT FROM 'CANCELLED'
      AND r.last_error IS DISTINCT FROM 'REMOVED'
    WHEN 'WAITING' THEN p_cancelled_too
    ELSE false END
$$;
