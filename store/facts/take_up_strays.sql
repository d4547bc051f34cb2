-- The call id of an attempt has just become known: facts that were told of that call before, without our reference, are
-- its own. By the key of call_events_stray_idx. The caller holds both rows.
CREATE OR REPLACE FUNCTION take_up_strays(a attempts, p_call_id text) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off AS $$
BEGIN
  UPDATE call_events SET attempt_id = a.id
    WHERE provider_account_id = a.provider_account_id AND provider_call_id = p_call_id AND attempt_id IS NULL
      AND reference IS NULL;
  IF NOT FOUND THEN RETURN; END IF;
  SELECT * INTO a FROM attempts WHERE id = a.id;
  PERFORM fold_facts(a);
END $$;
