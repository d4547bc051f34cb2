-- After the last chunk of a job. After a retry nobody more follows, and its batch may finish; one that was cancelled,
-- or retried again, meanwhile has other work. Verdicts and a retry leave another version behind, so that counts of
-- before are not shown any more; the other kinds write one with each chunk.
CREATE OR REPLACE FUNCTION release_batch_of_job(j jobs) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF j.kind = 'settle' THEN UPDATE batches SET version = version + 1 WHERE id = j.batch_id; END IF;
  IF j.kind <> 'retry' THEN RETURN; END IF;
  UPDATE batches SET chunk_work = NULL, version = version + 1
    WHERE id = j.batch_id AND chunk_work = 'RETRY_JOB' AND generation = j.generation;
  PERFORM notify_lanes(j.workspace_id);
END $$;
