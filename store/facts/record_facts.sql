-- EVENT. Stores facts once each, finds their attempts by our reference and the account, else by the provider's call id,
-- and folds them in, once for each attempt. Facts that name no attempt, nor a call that is known, may be of a call
-- whose id is not known yet: they stay as strays, without details and for a few hours, while the account has such an
-- attempt (may_be_ours), until its answer takes them up. All others are dropped: they are other applications' calls. Of
-- one attempt, or of one call whose attempt is not known, at most 8 different facts of each kind are kept; ends of
-- answered calls are counted apart, so that no other ends keep one out. A live call that ended 10 seconds before we
-- hear of it is a sign that webhooks were missed: the account's other live calls are looked up too, once a minute at
-- most, because clocks differ. Returns how many were new.
CREATE OR REPLACE FUNCTION record_facts(p_account uuid, p_facts jsonb, p_gives_way boolean) RETURNS integer
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  workspace uuid := (SELECT workspace_id FROM provider_accounts WHERE id = p_account);
  owners uuid[];
  keeps_strays boolean;
  locked attempts[];
  a attempts;
  stored integer;
  news uuid[];
  late uuid[];
  t timestamptz := dialwright_now();
  facts_of_kind_max CONSTANT integer := 8;
BEGIN
  IF p_gives_way THEN PERFORM give_way_soon(); END IF;
  -- Two look-ups, each by its unique index. With OR, or with the account beside the reference, a planner without
  -- statistics reads every attempt of the account.
  owners := ARRAY(
    SELECT CASE
        WHEN reference IS NULL
          THEN (SELECT id FROM attempts WHERE provider_account_id = p_account AND provider_call_id = f."callId")
        ELSE (SELECT CASE provider_account_id WHEN p_account THEN id END FROM attempts WHERE id = f.reference) END
      FROM ROWS FROM (jsonb_to_recordset(p_facts) AS (reference uuid, "callId" text)) WITH ORDINALITY AS f
      ORDER BY ordinality);
  -- A fact that pauses its batch needs W, before any row.
  IF jsonb_path_exists(p_facts, '$[*].deferral ? (@ == "payment" || @ == "permission")')
    AND EXISTS (SELECT FROM unnest(owners) AS owner WHERE owner IS NOT NULL) THEN
    PERFORM lock_workspace(workspace);
  END IF;
  keeps_strays := array_position(owners, NULL) IS NOT NULL AND may_be_ours(p_account);
  PERFORM lock_workspaces_of_strays(ARRAY(SELECT "callId" FROM ROWS FROM (jsonb_to_recordset(p_facts)
    AS ("callId" text)) WITH ORDINALITY AS f ORDER BY ordinality), owners);
  -- All rows before the first is written: the foreign key of an event would lock its attempt too, in the events' order.
  locked := lock_attempts(array_remove(owners, NULL));
  WITH told AS (
    SELECT f.*, owners[ordinality] AS owner, coalesce(outcome = 'ANSWERED', false) AS is_answered,
        -- Received one after the other, also when they come together: the last word counts.
        t + ordinality * interval '1 microsecond' AS received_at
      FROM ROWS FROM (jsonb_to_recordset(p_facts) AS ("eventKey" text, kind text, "callId" text, reference uuid,
        "occurredAt" timestamptz, outcome text, "endReason" text, "durationMs" integer, successful boolean,
        deferral text, details jsonb)) WITH ORDINALITY AS f),
  placed AS (
    SELECT *, dense_rank() OVER (PARTITION BY coalesce(owner::text, "callId"), kind, is_answered ORDER BY "eventKey")
        AS place FROM told),
  new AS (
    INSERT INTO call_events (workspace_id, provider_account_id, event_key, attempt_id, kind, provider_call_id,
      reference, occurred_at, outcome, end_reason, duration_ms, successful, deferral, details, received_at)
    SELECT workspace, p_account, "eventKey", owners[ordinality], kind, "callId",
        reference, "occurredAt", outcome, "endReason", "durationMs", successful, deferral,
        CASE WHEN owner IS NULL THEN '{}' ELSE coalesce(details, '{}') END,
        received_at
      FROM placed f
      WHERE (owner IS NOT NULL OR keeps_strays AND reference IS NULL)
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
      array_agg(attempt_id) FILTER (WHERE kind = 'ENDED' AND occurred_at < dialwright_now() - interval '10 s')
    INTO stored, news, late FROM new;
  FOREACH a IN ARRAY locked LOOP
    IF a.id = ANY (news) THEN
      PERFORM fold_facts(a);
      IF a.provider_call_id IS NULL THEN
        SELECT * INTO a FROM attempts WHERE id = a.id;
        PERFORM take_up_strays(a, a.provider_call_id);
      END IF;
    END IF;
  END LOOP;
  IF late IS NOT NULL AND EXISTS (SELECT FROM unnest(locked) l WHERE l.id = ANY (late) AND l.state = 'IN_PROGRESS') THEN
    PERFORM note_webhook_gap(p_account, interval '1 minute');
  END IF;
  RETURN stored;
END $$;
