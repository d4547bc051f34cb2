-- EVENT. Stores facts once each, finds their attempts by our reference and the account, else by the provider's call id,
-- and folds them in, once for each attempt. Facts that name no attempt, nor a call that is known, may be of a call
-- whose id is not known yet: they stay as strays, without details and for a few hours, while the account has such an
-- attempt (may_be_ours), until its answer takes them up. All others are dropped: they are other applications' calls. A
-- live call that ended 10 seconds before we hear of it is a sign that webhooks were missed: the account's other live
-- calls are looked up too, once a minute at most, because clocks differ. Returns how many were new.
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
BEGIN
  IF p_gives_way THEN PERFORM give_way_soon(); END IF;
  owners := owners_of_facts(p_account, p_facts);
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
  SELECT * INTO stored, news, late
    FROM insert_facts(workspace, p_account, p_facts, owners, keeps_strays, dialwright_now());
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
