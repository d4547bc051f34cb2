-- Confirms an import under review; its accepted rows follow in chunks. result: CONFIRMED, NOT_FOUND, NOT_IN_REVIEW,
-- NO_ACCEPTED_ROWS, FIX_OUTSTANDING (half of its rows would be confirmed as they were), or NOT_ALLOWED with the batch's
-- status.
CREATE OR REPLACE FUNCTION confirm_import(p_workspace uuid, p_import uuid, p_from text[], OUT result text,
  OUT status text) LANGUAGE plpgsql AS $$
DECLARE i imports;
BEGIN
  PERFORM lock_workspace(p_workspace);
  SELECT * INTO i FROM imports WHERE id = p_import AND workspace_id = p_workspace FOR NO KEY UPDATE;
  IF NOT FOUND THEN result := 'NOT_FOUND'; RETURN; END IF;
  SELECT b.status INTO status FROM batches b WHERE b.id = i.batch_id AND b.deleted_at IS NULL;
  IF NOT FOUND THEN result := 'NOT_FOUND'; RETURN; END IF;
  IF i.status <> 'REVIEW' THEN result := 'NOT_IN_REVIEW'; status := i.status; RETURN; END IF;
  IF NOT status = ANY (p_from) THEN result := 'NOT_ALLOWED'; RETURN; END IF;
  IF i.fix_outstanding THEN result := 'FIX_OUTSTANDING'; RETURN; END IF;
  IF i.accepted_rows = 0 THEN result := 'NO_ACCEPTED_ROWS'; RETURN; END IF;
  UPDATE imports SET status = 'CONFIRMED', rows_outstanding = true, confirmed_at = dialwright_now()
    WHERE id = i.id AND imports.status = 'REVIEW' AND NOT fix_outstanding;
  result := 'CONFIRMED';
END $$;
