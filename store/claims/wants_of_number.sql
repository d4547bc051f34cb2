-- How many calls a batch could start now, as far as its number allows it. Calls that this claim has given to other
-- batches are counted. claim_calls asks for it when another batch of the claim came before. A number without limits
-- allows any number of calls.
CREATE OR REPLACE FUNCTION wants_of_number(p_batch uuid, p_now timestamptz, p_dial_budget interval) RETURNS integer
LANGUAGE plpgsql STABLE AS $$
BEGIN
  PERFORM FROM batches b JOIN phone_numbers n ON n.id = b.from_number_id
    WHERE b.id = p_batch
      AND (n.concurrency_limit IS NOT NULL OR n.calls_per_second IS NOT NULL OR n.call_ceiling IS NOT NULL);
  IF NOT FOUND THEN RETURN 2147483647; END IF;
  RETURN (SELECT p.wants FROM batch_prospect(p_batch, p_now, p_dial_budget, p_confirm => false) p);
END $$;
