-- Counts a chunk of a job that went wrong, whole: nothing of it was changed. After p_max in a row the job has failed.
CREATE OR REPLACE FUNCTION note_job_failure(p_job uuid, p_max integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE j jobs;
BEGIN
  UPDATE jobs SET failures = failures + 1 WHERE id = p_job AND status = 'RUNNING' RETURNING * INTO j;
  IF j.failures >= p_max THEN
    PERFORM finish_job(j, 'FAILED', 'Something went wrong on our side, again and again. Begin it again.');
  END IF;
END $$;
