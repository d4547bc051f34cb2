-- Puts a recipient back to waiting after an attempt that cost nothing. A batch that is over takes nobody back: its row
-- is locked, so that no cancel or finish comes in between.
CREATE OR REPLACE FUNCTION requeue_recipient(a attempts, p_due_at timestamptz,
  p_wait_reason text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE batch_status text;
BEGIN
  SELECT status INTO batch_status FROM batches WHERE id = a.batch_id FOR SHARE;
  UPDATE recipient_states r SET
    state = CASE batch_status WHEN 'CANCELLED' THEN 'CANCELLED' WHEN 'COMPLETED' THEN 'FAILED' WHEN 'FAILED'
      THEN 'FAILED' ELSE 'WAITING' END,
    due_at = greatest(p_due_at, r.not_before), wait_reason = p_wait_reason, last_error = a.end_reason,
    attempts_spent = greatest(r.attempts_spent - a.spends_attempt::integer, 0)
    WHERE r.recipient_id = a.recipient_id AND r.last_attempt_id = a.id AND r.state IN ('IN_PROGRESS', 'UNCERTAIN');
END $$;
