-- When somebody took back the recipients of a confirmed import that were not called.
ALTER TABLE imports ADD COLUMN undone_at timestamptz;
