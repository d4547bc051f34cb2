-- A draft may lack what it will need to call anybody. Nothing else may: change_batch refuses a submit, and this check
-- refuses whatever gets past it.
ALTER TABLE batches
  ALTER COLUMN name DROP NOT NULL,
  ALTER COLUMN from_number_id DROP NOT NULL,
  ALTER COLUMN agent_id DROP NOT NULL,
  ALTER COLUMN time_zone DROP NOT NULL,
  -- The ordinal of the last recipient whose zone set was derived again after whose clock counts was changed; NULL: the
  -- zone sets of all recipients are those of the hours of the batch.
  ADD COLUMN zones_through bigint;
ALTER TABLE batches ADD CONSTRAINT batches_complete_check CHECK (status = 'DRAFT'
  OR num_nulls(name, from_number_id, agent_id, time_zone) = 0 AND zones_through IS NULL) NOT VALID;
ALTER TABLE batches VALIDATE CONSTRAINT batches_complete_check;
CREATE INDEX batches_zones_through_idx ON batches (id) WHERE zones_through IS NOT NULL;
