-- Moves at most p_limit recipients of a cancelled or retried batch, and asks for its live calls to be hung up if that
-- was wanted. Until the last has followed, reads derive the state from the batch. Requires the work that was asked for
-- still to be the batch's work. Recipients that are just being written are passed over until they are not, because
-- those who write them may wait for the batch's row. A retry of some of them only is the work of a job (RETRY_JOB).
-- Returns true when more is left. Each chunk is taken in the order of one index, so that it reads those who have still
-- to follow, and nobody who has.
CREATE OR REPLACE FUNCTION do_chunk_work(p_batch uuid, p_limit integer) RETURNS boolean LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
  SET enable_incremental_sort = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off AS $$
DECLARE
  b batches;
  moved integer;
  ids uuid[];
BEGIN
  SELECT * INTO b FROM batches WHERE id = p_batch AND chunk_work <> 'RETRY_JOB' FOR NO KEY UPDATE SKIP LOCKED;
  IF NOT FOUND THEN RETURN false; END IF;
  IF b.chunk_work IN ('CANCEL', 'CANCEL_AND_HANG_UP') THEN
    IF b.chunk_work = 'CANCEL_AND_HANG_UP' THEN PERFORM request_hang_ups(b.workspace_id, b.id, p_limit); END IF;
    WITH chunk AS (SELECT recipient_id, state FROM recipient_states WHERE batch_id = b.id AND state = 'WAITING'
      ORDER BY zone_set, due_at, ordinal LIMIT p_limit FOR NO KEY UPDATE SKIP LOCKED)
    UPDATE recipient_states r SET state = 'CANCELLED', wait_reason = NULL FROM chunk
      WHERE r.recipient_id = chunk.recipient_id AND r.state = chunk.state;
    GET DIAGNOSTICS moved = ROW_COUNT;
  ELSE
    -- Locked first, so that what is then read of their attempts stands: a look takes the recipient's row too.
    ids := ARRAY(SELECT recipient_id FROM recipient_states r
      WHERE r.batch_id = b.id AND r.generation < b.generation AND r.state IN ('NO_ANSWER', 'FAILED', 'CANCELLED')
        AND may_be_retried(r, b.chunk_work = 'RETRY_CANCELLED')
      ORDER BY state, ordinal LIMIT p_limit FOR NO KEY UPDATE SKIP LOCKED);
    -- No plan is made for an empty list: PostgreSQL takes any partial index for it, and reads all of that.
    IF cardinality(ids) > 0 THEN
      PERFORM retry_recipients(b.generation, ids);
    END IF;
    moved := cardinality(ids);
  END IF;
  IF moved = p_limit OR is_chunk_work_left(b) THEN RETURN true; END IF;
  UPDATE batches SET chunk_work = NULL WHERE id = b.id;
  PERFORM notify_lanes(b.workspace_id);
  RETURN false;
END $$;
