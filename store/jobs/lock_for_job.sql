-- The locks that a chunk of a job takes before those of recipients; gives the batch as it is under them. A remove and a
-- retry hold the batch's row, so that it neither finishes nor is cancelled meanwhile. An edit holds W: no call begins
-- with what a recipient was before. A verdict takes no more than one that a person gives (give_verdict).
CREATE OR REPLACE FUNCTION lock_for_job(j jobs) RETURNS batches LANGUAGE plpgsql AS $$
DECLARE b batches;
BEGIN
  IF j.kind = 'edit' THEN PERFORM lock_workspace(j.workspace_id); END IF;
  IF j.kind IN ('remove', 'retry') THEN
    SELECT * INTO b FROM batches WHERE id = j.batch_id FOR NO KEY UPDATE;
  ELSE
    SELECT * INTO b FROM batches WHERE id = j.batch_id;
  END IF;
  RETURN b;
END $$;
