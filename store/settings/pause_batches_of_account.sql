-- Pauses the running batches that call through an account. The caller holds W. Returns the batches to wake.
CREATE OR REPLACE FUNCTION pause_batches_of_account(p_workspace uuid, p_account uuid, p_reason text) RETURNS uuid[]
LANGUAGE sql AS $$
  SELECT pause_batches(p_workspace, ARRAY(SELECT id FROM phone_numbers WHERE provider_account_id = p_account), p_reason)
$$;
