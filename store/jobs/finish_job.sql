-- Ends a job that runs, with a status and why; records what it has done. The caller holds its row.
CREATE OR REPLACE FUNCTION finish_job(j jobs, p_status text, p_reason text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE jobs SET status = p_status, status_reason = p_reason, finished_at = dialwright_now()
    WHERE id = j.id AND status = 'RUNNING';
  IF NOT FOUND THEN RAISE EXCEPTION 'job % changed under its lock', j.id; END IF;
  PERFORM release_batch_of_job(j);
  PERFORM record_audit(j.workspace_id, '"dialwright"', CASE p_status WHEN 'DONE' THEN 'job done' ELSE 'job failed' END,
    jsonb_build_object('batchId', j.batch_id, 'target', jsonb_build_object('kind', 'job', 'id', j.id),
      'detail', jsonb_build_object('matched', j.matched_count, 'done', j.done_count, 'skipped', j.skipped)));
END $$;
