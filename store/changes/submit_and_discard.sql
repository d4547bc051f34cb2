-- Submits a batch and discards uploads to it (discardImports of the patch), with their rows: all of it, or nothing when
-- the submit is refused. Most rows go before W: a million take seconds, and every claim would wait. Under it only rows
-- of uploads that were still received at first, and have been committed since. p_change and result are those of
-- change_batch; READ_AGAIN also when one of the uploads is not discarded by this, but was confirmed meanwhile: its rows
-- are wanted.
CREATE OR REPLACE FUNCTION submit_and_discard(p_workspace uuid, p_batch uuid, p_change jsonb,
  OUT result text, OUT status text, OUT version integer) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  discarded CONSTANT uuid[] := ARRAY(SELECT i.id FROM imports i
    WHERE i.batch_id = p_batch AND i.workspace_id = p_workspace
      AND p_change #> '{patch,discardImports}' ? i.id::text);
  -- Read before their rows: those of an upload are committed together with its being received no longer.
  received CONSTANT uuid[] := ARRAY(SELECT i.id FROM imports i WHERE i.id = ANY (discarded) AND i.status = 'RECEIVING');
BEGIN
  -- The rows come back with the refusal: an exception takes back what was done since BEGIN, W too.
  BEGIN
    DELETE FROM import_rows WHERE import_id = ANY (discarded);
    SELECT c.result, c.status, c.version INTO result, status, version
      FROM change_batch(p_workspace, p_batch, p_change) c;
    IF result = 'CHANGED' AND EXISTS (SELECT FROM imports i WHERE i.id = ANY (discarded)
      AND i.status <> 'DISCARDED') THEN
      result := 'READ_AGAIN';
    END IF;
    IF result <> 'CHANGED' THEN RAISE EXCEPTION 'not submitted' USING ERRCODE = 'DWNOT'; END IF;
    DELETE FROM import_rows WHERE import_id = ANY (received);
    PERFORM record_audit(p_workspace, p_change -> 'actor', 'discard import', jsonb_build_object('batchId', p_batch,
      'target', jsonb_build_object('kind', 'import', 'id', id), 'detail', jsonb_build_object('importId', id)))
      FROM unnest(discarded) AS id;
  EXCEPTION WHEN SQLSTATE 'DWNOT' THEN NULL;
  END;
END $$;
