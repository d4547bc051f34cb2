-- Whether recipients, or calls, of a cancelled or retried batch have still to follow it. Called by do_chunk_work, which
-- has the settings.
CREATE OR REPLACE FUNCTION is_chunk_work_left(b batches) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN b.chunk_work IN ('CANCEL', 'CANCEL_AND_HANG_UP') THEN
      unsettled_state(b.id) IS NOT DISTINCT FROM 'WAITING'
      OR b.chunk_work = 'CANCEL_AND_HANG_UP'
        AND EXISTS (SELECT FROM held_slots(b.workspace_id) h WHERE h.batch_id = b.id
          AND h.state IN ('DIALING', 'IN_PROGRESS') AND hang_up_asked_at IS NULL)
    ELSE EXISTS (SELECT FROM (SELECT FROM recipient_states r WHERE r.batch_id = b.id AND r.generation < b.generation
      AND r.state IN ('NO_ANSWER', 'FAILED', 'CANCELLED') AND may_be_retried(r, b.chunk_work = 'RETRY_CANCELLED')
      ORDER BY r.state, r.ordinal LIMIT 1) first) END
$$;
