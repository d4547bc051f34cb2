-- Removes recipients whose rows a job has locked (remove_recipients), in the name of who began it. Returns how many
-- were not removed, by reason.
CREATE OR REPLACE FUNCTION remove_for_job(j jobs, b batches, p_taken uuid[]) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE gone integer;
BEGIN
  SELECT removed INTO gone
    FROM remove_recipients(j.workspace_id, j.batch_id, ARRAY[b.status], p_taken, NULL, cardinality(p_taken));
  PERFORM record_audit(j.workspace_id, j.actor, 'remove recipients', jsonb_build_object('batchId', j.batch_id,
    'target', jsonb_build_object('kind', 'job', 'id', j.id), 'detail', jsonb_build_object('removed', gone)));
  RETURN CASE WHEN gone = cardinality(p_taken) THEN '{}'
    ELSE jsonb_build_object('NOT_WAITING', cardinality(p_taken) - gone) END;
END $$;
