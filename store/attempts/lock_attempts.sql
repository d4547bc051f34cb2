-- Does what lock_attempt does, for many attempts, always in the same order. So two transactions that do this never wait
-- for each other in a circle. The order is batch by batch: a caller that goes on in this order takes the rows of the
-- batches in order too.
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
