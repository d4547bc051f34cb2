-- The attempts of facts of an account, in their order; NULL where none is known. Two look-ups, each by its unique
-- index: with OR, or with the account beside the reference, a planner without statistics reads every attempt of the
-- account.
CREATE OR REPLACE FUNCTION owners_of_facts(p_account uuid, p_facts jsonb) RETURNS uuid[]
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
  RETURN ARRAY(
    SELECT CASE
        WHEN reference IS NULL
          THEN (SELECT id FROM attempts WHERE provider_account_id = p_account AND provider_call_id = f."callId")
        ELSE (SELECT CASE provider_account_id WHEN p_account THEN id END FROM attempts WHERE id = f.reference) END
      FROM ROWS FROM (jsonb_to_recordset(p_facts) AS (reference uuid, "callId" text)) WITH ORDINALITY AS f
      ORDER BY ordinality);
END $$;
