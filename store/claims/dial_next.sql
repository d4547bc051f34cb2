-- Gives up to p_wanted of a batch's lanes a call each: the rows of claim_calls for those that get one. p_ask: what
-- ask_for_batches has for the batch. p_share: the batch's share of the room; could_start is what is left of it.
CREATE OR REPLACE FUNCTION dial_next(p_ask jsonb, p_now timestamptz, p_dial_budget interval,
  p_request_timeout interval, p_wanted integer, p_share integer)
RETURNS TABLE (lane integer, verdict text, attempt jsonb, reason text, until_ms bigint, could_start integer)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  batch_id uuid := p_ask ->> 'batchId';
  terms jsonb := dial_terms(batch_id, p_dial_budget);
  dial_deadline timestamptz := p_now + p_dial_budget + p_request_timeout + interval '1 s';
  lanes jsonb := p_ask -> 'lanes';
  picked jsonb;
  placed integer;
  claimed integer := 0;
  reach integer;
BEGIN
  IF (p_ask ->> 'movesCursors')::boolean THEN
    PERFORM move_claim_cursors(batch_id, p_now, (terms ->> 'lead')::interval);
  END IF;
  -- Recipients that are not called move on in this claim too, many at once. So many suppressed numbers in front cost a
  -- few claims only.
  FOREACH reach IN ARRAY ARRAY[p_wanted, 500, 500] LOOP
    SELECT jsonb_agg(p) INTO picked
      FROM pick_recipients(terms, p_ask -> 'zones', p_now, reach, p_wanted - claimed) p;
    EXIT WHEN picked IS NULL;
    RETURN QUERY SELECT d.lane, 'CLAIMED', d.call, NULL::text, NULL::bigint,
        greatest(p_share - claimed - count(*) OVER (), 0)::integer
      FROM dial_recipients(terms, picked, lanes, p_now, dial_deadline) d;
    GET DIAGNOSTICS placed = ROW_COUNT;
    claimed := claimed + placed;
    EXIT WHEN claimed = p_wanted
      OR (batch_prospect(batch_id, p_now, p_dial_budget, p_confirm => false)).could_start = 0;
    IF placed > 0 THEN lanes := lanes_left(lanes); END IF;
  END LOOP;
END $$;
