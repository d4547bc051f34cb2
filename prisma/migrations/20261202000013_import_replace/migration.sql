-- While another file is received in place of an import's rows: the import as it was before. Its rows stay until the new
-- ones are whole, and it becomes this again when they do not come.
ALTER TABLE imports ADD COLUMN replaced jsonb;
CREATE INDEX imports_replaced_idx ON imports (id) WHERE replaced IS NOT NULL;
