-- Submits a batch and discards uploads to it (discardImports of the patch), with their rows: all of it, or nothing when
-- the submit is refused. Most rows go before W: a million take seconds, and every claim would wait. Under it only rows
-- of uploads that were still received at first, and have been committed since. p_request: workspaceId, batchId, from,
-- actor, commandId and patch, as change_batch takes them, and so are openings and result; READ_AGAIN also when one of
-- the uploads is not discarded by this, but was confirmed meanwhile: its rows are wanted.
CREATE OR REPLACE FUNCTION submit_and_discard(p_request jsonb, p_openings jsonb, p_openings_until timestamptz,
  OUT result text, OUT status text, OUT version integer) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  workspace CONSTANT uuid := p_request ->> 'workspaceId';
  batch CONSTANT uuid := p_request ->> 'batchId';
  discarded CONSTANT uuid[] := ARRAY(SELECT i.id FROM imports i WHERE i.batch_id = batch AND i.workspace_id = workspace
    AND p_request -> 'patch' -> 'discardImports' ? i.id::text);
  -- Read before their rows: those of an upload are committed together with its being received no longer.
  received CONSTANT uuid[] := ARRAY(SELECT i.id FROM imports i WHERE i.id = ANY (discarded) AND i.status = 'RECEIVING');
BEGIN
  -- The rows come back with the refusal: an exception takes back what was done since BEGIN, W too.
  BEGIN
    DELETE FROM import_rows WHERE import_id = ANY (discarded);
    SELECT c.result, c.status, c.version INTO result, status, version
      FROM change_batch(workspace, batch, 'submit', ARRAY(SELECT jsonb_array_elements_text(p_request -> 'from')),
        p_request ->> 'actor', p_request ->> 'commandId', p_request -> 'patch', p_openings, p_openings_until) c;
    IF result = 'CHANGED' AND EXISTS (SELECT FROM imports i WHERE i.id = ANY (discarded)
      AND i.status <> 'DISCARDED') THEN
      result := 'READ_AGAIN';
    END IF;
    IF result <> 'CHANGED' THEN RAISE EXCEPTION 'not submitted' USING ERRCODE = 'DWNOT'; END IF;
    DELETE FROM import_rows WHERE import_id = ANY (received);
    INSERT INTO audit_events (workspace_id, batch_id, actor, action, detail)
      SELECT workspace, batch, p_request ->> 'actor', 'discard import', jsonb_build_object('importId', id)
      FROM unnest(discarded) AS id;
  EXCEPTION WHEN SQLSTATE 'DWNOT' THEN NULL;
  END;
END $$;
