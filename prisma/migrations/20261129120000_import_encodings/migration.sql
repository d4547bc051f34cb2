-- How the bytes of an import's file were read, and whether columns such as do_not_call reject rows: its rejected rows
-- are checked again by the same rules.
ALTER TABLE imports
  ADD COLUMN encoding jsonb,
  ADD COLUMN do_not_call_columns text NOT NULL DEFAULT 'reject'
    CHECK (do_not_call_columns IN ('reject', 'variables'));
