-- Puts recipients whose rows a job has locked back to waiting, as a retry of the whole batch does. Returns how many
-- were not, by reason: none. The caller holds the batch's row, which is in the generation of the job.
CREATE OR REPLACE FUNCTION retry_for_job(j jobs, p_taken uuid[]) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
  PERFORM retry_recipients(j.generation, p_taken);
  PERFORM record_audit(j.workspace_id, j.actor, 'retry recipients', jsonb_build_object('batchId', j.batch_id,
    'target', jsonb_build_object('kind', 'job', 'id', j.id),
    'detail', jsonb_build_object('retried', cardinality(p_taken))));
  PERFORM notify_lanes(j.workspace_id);
  RETURN '{}';
END $$;
