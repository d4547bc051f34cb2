-- Changes recipients whose rows a job has locked, each as edit_recipient does it, in the name of who began it. Returns
-- how many were not changed, by reason. The caller holds W.
CREATE OR REPLACE FUNCTION edit_for_job(j jobs, p_taken uuid[]) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  s recipient_states;
  answer text;
  refused jsonb := '{}';
BEGIN
  FOR s IN SELECT * FROM recipient_states r WHERE r.recipient_id = ANY (p_taken) LOOP
    answer := apply_recipient_edit(s, j.change);
    IF answer <> 'EDITED' THEN refused := add_counts(refused, jsonb_build_object(answer, 1)); END IF;
  END LOOP;
  UPDATE batches SET version = version + 1 WHERE id = j.batch_id;
  PERFORM record_audit(j.workspace_id, j.actor, 'edit recipients', jsonb_build_object('batchId', j.batch_id,
    'target', jsonb_build_object('kind', 'job', 'id', j.id), 'detail', jsonb_build_object(
      'taken', cardinality(p_taken), 'refused', refused,
      'fields', (SELECT jsonb_agg(field ORDER BY field) FROM jsonb_object_keys(j.change) AS k (field)))));
  PERFORM notify_lanes(j.workspace_id);
  RETURN refused;
END $$;
