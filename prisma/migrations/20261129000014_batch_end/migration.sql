-- The last instant of a batch: no call is claimed at or after it, and who waits then fails. NULL: none.
ALTER TABLE batches ADD COLUMN end_at timestamptz;
-- Start and end as they were written, when that was a local time: read again when the time zone changes.
ALTER TABLE batches ADD COLUMN start_local text;
ALTER TABLE batches ADD COLUMN end_local text;
CREATE INDEX batches_end_idx ON batches (end_at)
  WHERE end_at IS NOT NULL AND status IN ('SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED');
