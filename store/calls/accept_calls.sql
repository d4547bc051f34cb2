-- The same for many calls in one commit; answers in the order given. All rows are locked before the first is written,
-- those of numbers that were refused for capacity too.
CREATE OR REPLACE FUNCTION accept_calls(p_attempts uuid[], p_call_ids text[],
  p_gives_way boolean) RETURNS text[] LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  states text[] := array_fill(NULL::text, ARRAY[cardinality(p_attempts)]);
  call record;
BEGIN
  IF p_gives_way THEN PERFORM give_way_soon(); END IF;
  PERFORM lock_workspaces_of_strays(p_call_ids, p_attempts);
  PERFORM lock_attempts(p_attempts);
  PERFORM FROM phone_numbers n WHERE n.call_ceiling IS NOT NULL AND n.id IN (SELECT x.from_number_id FROM attempts x
    WHERE x.id = ANY (p_attempts))
    ORDER BY n.id FOR NO KEY UPDATE;
  FOR call IN SELECT c.attempt, c.call_id, c.place
    FROM unnest(p_attempts, p_call_ids) WITH ORDINALITY AS c (attempt, call_id, place)
    ORDER BY (SELECT (x.batch_id, x.recipient_id) FROM attempts x WHERE x.id = c.attempt), c.place
  LOOP
    states[call.place] := accept_call(call.attempt, call.call_id);
  END LOOP;
  RETURN states;
END $$;
