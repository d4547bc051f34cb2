-- The same for many, always in the same order, so that two that do this never wait for each other: batch by batch, so
-- that what is then done in this order takes the rows of batches in order too.
CREATE OR REPLACE FUNCTION lock_attempts(p_attempts uuid[]) RETURNS attempts[] LANGUAGE plpgsql AS $$
DECLARE
  next_id uuid;
  locked attempts[] := '{}';
BEGIN
  FOR next_id IN SELECT id FROM (SELECT DISTINCT unnest(p_attempts) AS id) wanted
    ORDER BY (SELECT (a.batch_id, a.recipient_id) FROM attempts a WHERE a.id = wanted.id), id LOOP
    locked := array_append(locked, lock_attempt(next_id));
  END LOOP;
  RETURN locked;
END $$;
