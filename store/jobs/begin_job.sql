-- Begins a job (table jobs) in a batch whose status allows it. p_job: {id, kind, filter, change, total, runningMax,
-- from: the statuses that allow it, actor, commandId}. Safe to repeat with an id. Under W, so that of two that begin at
-- once one sees the other. Recipients that come later are none of its business.
--
-- A retry takes the batch to PENDING in the same commit, as a retry of the whole does, but leaves it to the job who is
-- put back to waiting (RETRY_JOB): nobody while rows still follow (ROWS_OUTSTANDING), so that the job alone decides.
--
-- result: BEGUN, REPEATED, NOT_FOUND, NOT_ALLOWED (batch_status is what was found), TOO_MANY (runningMax run in the
-- workspace), NOTHING_TO_RETRY, ROWS_OUTSTANDING, or what else keeps a batch from a retry (change_problem).
CREATE OR REPLACE FUNCTION begin_job(p_workspace uuid, p_batch uuid, p_job jsonb,
  OUT result text, OUT job_id uuid, OUT batch_status text, OUT batch_kind text) LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET enable_incremental_sort = off AS $$
DECLARE
  b batches;
  is_retry CONSTANT boolean := p_job ->> 'kind' = 'retry';
  change jsonb := coalesce(p_job -> 'change', '{}');
  -- Before W: it may read all of them. Nobody of a batch that is over is called meanwhile.
  nobody CONSTANT boolean := is_retry AND NOT has_retriable(p_workspace, p_batch, p_job -> 'filter');
BEGIN
  job_id := coalesce((p_job ->> 'id')::uuid, new_id());
  PERFORM lock_workspace(p_workspace);
  SELECT * INTO b FROM batches WHERE id = p_batch AND workspace_id = p_workspace AND deleted_at IS NULL;
  batch_status := b.status;
  batch_kind := b.kind;
  result := CASE
    WHEN b.id IS NULL THEN 'NOT_FOUND'
    WHEN EXISTS (SELECT FROM jobs WHERE id = job_id) THEN 'REPEATED'
    WHEN NOT p_job -> 'from' ? b.status OR b.kind = 'TEST' AND p_job ->> 'kind' IN ('edit', 'retry') THEN 'NOT_ALLOWED'
    WHEN (SELECT count(*) FROM jobs WHERE workspace_id = p_workspace AND status = 'RUNNING')
      >= (p_job ->> 'runningMax')::integer THEN 'TOO_MANY'
    WHEN is_retry AND has_rows_outstanding(b) THEN 'ROWS_OUTSTANDING'
    WHEN nobody THEN 'NOTHING_TO_RETRY'
    ELSE 'BEGUN' END;
  IF result <> 'BEGUN' THEN RETURN; END IF;
  IF is_retry THEN
    result := (change_batch(p_workspace, p_batch, jsonb_build_object('action', 'retry', 'from', p_job -> 'from',
      'actor', p_job -> 'actor', 'patch', jsonb_build_object('byJob', job_id)))).result;
    IF result <> 'CHANGED' THEN RETURN; END IF;
    result := 'BEGUN';
    change := jsonb_build_object('cancelledToo', b.status IN ('CANCELLED', 'FAILED'));
  END IF;
  INSERT INTO jobs (id, workspace_id, batch_id, kind, filter, change, actor, total_count, generation, last_ordinal)
    VALUES (job_id, p_workspace, b.id, p_job ->> 'kind', p_job -> 'filter', change, p_job -> 'actor',
      (p_job ->> 'total')::integer, CASE WHEN is_retry THEN b.generation + 1 END,
      coalesce((SELECT s.ordinal FROM recipient_states s WHERE s.batch_id = b.id ORDER BY s.ordinal DESC LIMIT 1), 0));
  PERFORM record_audit(p_workspace, p_job -> 'actor', 'begin job', jsonb_build_object(
    'commandId', p_job -> 'commandId', 'batchId', b.id, 'target', jsonb_build_object('kind', 'job', 'id', job_id),
    -- Never what is searched for, nor what is written: it may be about a person.
    'detail', jsonb_strip_nulls(jsonb_build_object('kind', p_job -> 'kind', 'status', p_job #> '{filter,status}',
      'outcome', p_job #> '{filter,outcome}', 'importId', p_job #> '{filter,importId}',
      'recipients', jsonb_array_length(p_job #> '{filter,recipientIds}'), 'verdict', p_job #> '{change,verdict}',
      'fields', CASE WHEN p_job ->> 'kind' = 'edit'
        THEN (SELECT jsonb_agg(field ORDER BY field) FROM jsonb_object_keys(change) AS k (field)) END))));
END $$;
