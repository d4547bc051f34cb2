-- Stores facts once each. p_owners: their attempts (owners_of_facts), whose rows the caller has locked; those without
-- one are kept where p_keeps_strays. Of one attempt, or of one call whose attempt is not known, at most 8 different
-- facts of each kind are kept; ends of answered calls are counted apart, so that no other ends keep one out. stored:
-- how many were new; news: the attempts of those; late: of ends that we hear of after 10 seconds.
CREATE OR REPLACE FUNCTION insert_facts(p_workspace uuid, p_account uuid, p_facts jsonb, p_owners uuid[],
  p_keeps_strays boolean, p_now timestamptz, OUT stored integer, OUT news uuid[], OUT late uuid[])
LANGUAGE plpgsql SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE facts_of_kind_max CONSTANT integer := 8;
BEGIN
  WITH told AS (
    SELECT f.*, p_owners[ordinality] AS owner, coalesce(outcome = 'ANSWERED', false) AS is_answered,
        -- Received one after the other, also when they come together: the last word counts.
        p_now + ordinality * interval '1 microsecond' AS received_at
      FROM ROWS FROM (jsonb_to_recordset(p_facts) AS ("eventKey" text, kind text, "callId" text, reference uuid,
        "occurredAt" timestamptz, outcome text, "endReason" text, "durationMs" integer, successful boolean,
        deferral text, details jsonb)) WITH ORDINALITY AS f),
  placed AS (
    SELECT *, dense_rank() OVER (PARTITION BY coalesce(owner::text, "callId"), kind, is_answered ORDER BY "eventKey")
        AS place FROM told),
  new AS (
    INSERT INTO call_events (workspace_id, provider_account_id, event_key, attempt_id, kind, provider_call_id,
      reference, occurred_at, outcome, end_reason, duration_ms, successful, deferral, details, received_at)
    SELECT p_workspace, p_account, "eventKey", p_owners[ordinality], kind, "callId",
        reference, "occurredAt", outcome, "endReason", "durationMs", successful, deferral,
        CASE WHEN owner IS NULL THEN '{}' ELSE coalesce(details, '{}') END,
        received_at
      FROM placed f
      WHERE (owner IS NOT NULL OR p_keeps_strays AND reference IS NULL)
        AND place + CASE WHEN owner IS NULL
          THEN (SELECT count(*) FROM call_events e WHERE e.provider_account_id = p_account
            AND e.provider_call_id = f."callId" AND e.attempt_id IS NULL AND e.kind = f.kind
            AND coalesce(e.outcome = 'ANSWERED', false) = is_answered)
          ELSE (SELECT count(*) FROM call_events e WHERE e.attempt_id = owner AND e.kind = f.kind
            AND coalesce(e.outcome = 'ANSWERED', false) = is_answered) END <= facts_of_kind_max
      ORDER BY "eventKey"
    ON CONFLICT (provider_account_id, event_key) DO NOTHING
    RETURNING attempt_id, kind, occurred_at)
  SELECT count(*), array_agg(attempt_id),
      array_agg(attempt_id) FILTER (WHERE kind = 'ENDED' AND occurred_at < p_now - interval '10 s')
    INTO stored, news, late FROM new;
END $$;
