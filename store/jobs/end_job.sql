-- Ends a job in its middle, for somebody. Waits for the chunk that is being made: once this has answered, the job
-- changes nobody more, and its counts say what it has done. A command id that was seen already changes nothing. result:
-- ENDED, NOT_FOUND, or NOT_RUNNING with the status that was found.
CREATE OR REPLACE FUNCTION end_job(p_workspace uuid, p_job uuid, p_actor jsonb, p_command_id text,
  OUT result text, OUT status text, OUT batch_id uuid) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE j jobs;
BEGIN
  SELECT * INTO j FROM jobs o WHERE o.id = p_job AND o.workspace_id = p_workspace FOR NO KEY UPDATE;
  status := j.status;
  batch_id := j.batch_id;
  result := CASE WHEN j.id IS NULL THEN 'NOT_FOUND'
    WHEN EXISTS (SELECT FROM commands WHERE command_id = p_command_id) THEN 'ENDED'
    WHEN j.status <> 'RUNNING' THEN 'NOT_RUNNING' END;
  IF result IS NOT NULL THEN RETURN; END IF;
  UPDATE jobs o SET status = 'ENDED', finished_at = dialwright_now() WHERE o.id = j.id AND o.status = 'RUNNING';
  PERFORM release_batch_of_job(j);
  PERFORM record_audit(p_workspace, p_actor, 'end job', jsonb_build_object('commandId', p_command_id,
    'batchId', j.batch_id, 'target', jsonb_build_object('kind', 'job', 'id', j.id),
    'detail', jsonb_build_object('matched', j.matched_count, 'done', j.done_count, 'skipped', j.skipped)));
  status := 'ENDED';
  result := 'ENDED';
END $$;
