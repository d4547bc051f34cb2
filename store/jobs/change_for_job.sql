-- What a job does to those of p_matched that may be changed (may_change_by_job). Returns {done, skipped: {reason: how
-- many}}, which is all of them. Their rows are locked first, by the state that is expected; nobody is waited for: who
-- is just being written is BUSY.
CREATE OR REPLACE FUNCTION change_for_job(j jobs, b batches, p_matched uuid[]) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  taken uuid[];
  refused jsonb := '{}';
  passed integer;
  busy integer;
BEGIN
  taken := ARRAY(SELECT s.recipient_id FROM recipient_states s
    WHERE s.recipient_id = ANY (p_matched) AND may_change_by_job(s, j, b) FOR NO KEY UPDATE OF s SKIP LOCKED);
  passed := cardinality(p_matched) - cardinality(taken);
  SELECT count(*) INTO busy FROM recipient_states s
    WHERE s.recipient_id = ANY (p_matched) AND s.recipient_id <> ALL (taken) AND may_change_by_job(s, j, b);
  IF cardinality(taken) > 0 THEN
    refused := CASE j.kind
      WHEN 'remove' THEN remove_for_job(j, b, taken)
      WHEN 'settle' THEN settle_for_job(j, taken)
      WHEN 'edit' THEN edit_for_job(j, taken)
      WHEN 'retry' THEN retry_for_job(j, taken) END;
  END IF;
  RETURN jsonb_build_object(
    'done', cardinality(taken) - (SELECT coalesce(sum(n::integer), 0) FROM jsonb_each_text(refused) AS r (reason, n)),
    'skipped', add_counts(refused, jsonb_build_object('BUSY', busy,
      CASE j.kind WHEN 'settle' THEN 'NOT_UNCERTAIN' WHEN 'retry' THEN 'NOT_RETRIABLE' ELSE 'NOT_WAITING' END,
      passed - busy)));
END $$;
