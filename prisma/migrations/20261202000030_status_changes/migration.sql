-- Since when a batch has its status, and who gave it: see shown_actor. Null: a draft that never had
-- another, and what was made before this.
ALTER TABLE batches ADD COLUMN status_changed_at timestamptz, ADD COLUMN status_changed_by jsonb;
