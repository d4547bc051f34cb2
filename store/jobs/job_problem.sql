-- Why a job cannot go on, as a sentence; NULL when it can. p_from: by kind the statuses of the batch that allow it
-- (domain/batches/status.ts).
CREATE OR REPLACE FUNCTION job_problem(j jobs, b batches, p_from jsonb) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN b.deleted_at IS NOT NULL THEN 'The batch was deleted.'
    WHEN NOT p_from -> j.kind ? b.status THEN format('The batch is %s, which does not allow it.', b.status)
    WHEN j.kind = 'retry' AND b.generation <> j.generation THEN 'The batch was retried again.' END
$$;
