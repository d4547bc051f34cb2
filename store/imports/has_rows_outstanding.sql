-- Whether recipients of a batch are still to be moved: rows of an import that was confirmed, or those that follow a
-- retry or a cancel.
CREATE OR REPLACE FUNCTION has_rows_outstanding(b batches) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN b.chunk_work IS NOT NULL OR EXISTS (SELECT FROM imports WHERE batch_id = b.id AND rows_outstanding);
END $$;
