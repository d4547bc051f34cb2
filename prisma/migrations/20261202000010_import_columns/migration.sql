-- What the columns of an import's file were taken for, and what was chosen or guessed of those whose cells are
-- kept: its rejected rows are checked again by the same columns.
ALTER TABLE imports
  ADD COLUMN columns jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN column_choice jsonb NOT NULL DEFAULT '{}';
