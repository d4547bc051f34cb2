-- How many rows of an import have a problem of each code; null for imports of before. The last fix of many of its
-- rows: what it does, where it is and what it has done. fix_outstanding: until it is done, or undone; fix_due_at: from
-- when on another process may take it over. fix_rows_kept: import_fix_rows may have rows of it.
ALTER TABLE imports
  ADD COLUMN problem_counts jsonb,
  ADD COLUMN fix jsonb,
  ADD COLUMN fix_outstanding boolean NOT NULL DEFAULT false,
  ADD COLUMN fix_due_at timestamptz NOT NULL DEFAULT '-infinity',
  ADD COLUMN fix_rows_kept boolean NOT NULL DEFAULT false,
  ADD CHECK (NOT fix_outstanding OR fix IS NOT NULL);
CREATE INDEX imports_fix_outstanding_idx ON imports (id) WHERE fix_outstanding;
CREATE INDEX imports_fix_rows_kept_idx ON imports (id) WHERE fix_rows_kept;

-- How the number of a row is read, where a fix has said so: RowReading in domain/imports/fixes.ts.
ALTER TABLE import_rows ADD COLUMN reading json;

-- Rows as they were before the last fix of their import, to undo it. became: what they are since.
CREATE TABLE import_fix_rows (
  import_id uuid NOT NULL,
  row_number integer NOT NULL,
  content json NOT NULL,
  problems json NOT NULL,
  reading json,
  became text NOT NULL CHECK (became IN ('ACCEPTED', 'REJECTED', 'LEFT_OUT')),
  PRIMARY KEY (import_id, row_number)
);
