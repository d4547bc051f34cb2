-- How a call is placed at most once. Each function is one autocommit call; docs/PROTOCOL.md has the contract.
-- Locks are taken in this order: workspace (W), batch, recipient, attempt.

-- The workspace lock. Everything that forbids or allows a dial happens under it, the claim included, so that no dial can
-- follow the answer to a pause. READ COMMITTED lets the statements after it see what changed while it waited.
CREATE FUNCTION lock_workspace(p_workspace uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(1, lock_key) FROM workspaces WHERE id = p_workspace;
END $$;

-- Waiting lanes of every batch of the workspace look again.
CREATE FUNCTION notify_lanes(p_workspace uuid) RETURNS void LANGUAGE sql AS $$
  SELECT pg_notify('callwright_lanes', p_workspace::text)
$$;

-- What the recipient becomes when this is the outcome of its last attempt (domain/outcomes.ts has the same table).
CREATE FUNCTION recipient_state_of(p_outcome text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE p_outcome
    WHEN 'ANSWERED' THEN 'COMPLETED'
    WHEN 'VOICEMAIL' THEN 'NO_ANSWER' WHEN 'NO_ANSWER' THEN 'NO_ANSWER' WHEN 'BUSY' THEN 'NO_ANSWER' WHEN 'DECLINED' THEN 'NO_ANSWER'
    WHEN 'INVALID_NUMBER' THEN 'FAILED' WHEN 'UNREACHABLE' THEN 'FAILED' WHEN 'PROVIDER_ERROR' THEN 'FAILED' WHEN 'AGENT_ERROR' THEN 'FAILED'
    WHEN 'CANCELLED' THEN 'CANCELLED'
    WHEN 'UNCERTAIN' THEN 'UNCERTAIN'
  END
$$;

-- Why the next call of a batch cannot start, when that may change by itself, and how many calls could start now.
-- Reasons: the batch's own status, WORKSPACE_STOPPED, NUMBER_DISABLED, AGENT_DISABLED, STARTS_LATER, OUTSIDE_HOURS,
-- WORKSPACE_LIMIT, BATCH_LIMIT, NOT_DUE, CALLS_IN_PROGRESS, SETTLED; READY when could_start > 0.
-- Read under W by the claim; elsewhere it is a picture of a moment. No sequential scans: while most rows wait, the planner
-- believes that one is found at once, and later reads every row that is done before it. No bitmap scans: they meet the
-- dead entries of every ended call again each time, where an index scan marks them and passes over them.
CREATE FUNCTION batch_prospect(p_batch uuid, p_now timestamptz, p_dial_budget interval,
  OUT reason text, OUT until_at timestamptz, OUT could_start integer) LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  b batches;
  w workspaces;
  zones text[];
  slots integer;
  lead interval;
BEGIN
  could_start := 0;
  SELECT * INTO b FROM batches WHERE id = p_batch;
  SELECT * INTO w FROM workspaces WHERE id = b.workspace_id;
  IF b.status <> 'RUNNING' OR b.deleted_at IS NOT NULL THEN
    reason := CASE WHEN b.status = 'SCHEDULED' AND b.start_at > p_now THEN 'STARTS_LATER' ELSE b.status END;
    until_at := CASE WHEN reason = 'STARTS_LATER' THEN b.start_at END;
    RETURN;
  END IF;
  IF w.stopped_at IS NOT NULL THEN reason := 'WORKSPACE_STOPPED'; RETURN; END IF;
  SELECT p_dial_budget + make_interval(secs => a.ring_lead_ms / 1000.0) INTO lead
    FROM phone_numbers n JOIN provider_accounts a ON a.id = n.provider_account_id
    WHERE n.id = b.from_number_id AND n.outbound AND n.disabled_at IS NULL AND a.disabled_at IS NULL;
  IF NOT FOUND THEN reason := 'NUMBER_DISABLED'; RETURN; END IF;
  IF EXISTS (SELECT FROM agents WHERE id = b.agent_id AND disabled_at IS NOT NULL) THEN reason := 'AGENT_DISABLED'; RETURN; END IF;

  IF NOT EXISTS (SELECT FROM recipient_states WHERE batch_id = p_batch AND state = 'WAITING') THEN
    reason := CASE
      WHEN EXISTS (SELECT FROM recipient_states WHERE batch_id = p_batch AND state = 'IN_PROGRESS') THEN 'CALLS_IN_PROGRESS'
      WHEN b.chunk_work IS NOT NULL OR EXISTS (SELECT FROM imports WHERE batch_id = p_batch AND rows_outstanding) THEN 'ROWS_OUTSTANDING'
      ELSE 'SETTLED' END;
    RETURN;
  END IF;

  SELECT array_agg(DISTINCT zone_set) INTO zones FROM openings
    WHERE batch_id = p_batch AND config_version = b.config_version AND opens_at <= p_now AND p_now + lead < closes_at;
  IF zones IS NULL THEN
    reason := 'OUTSIDE_HOURS';
    SELECT min(opens_at) INTO until_at FROM openings
      WHERE batch_id = p_batch AND config_version = b.config_version AND opens_at > p_now;
    RETURN;
  END IF;

  SELECT least(w.concurrency_limit - count(*), coalesce(b.concurrency_limit, w.concurrency_limit) - count(*) FILTER (WHERE batch_id = p_batch)),
         CASE WHEN w.concurrency_limit <= count(*) THEN 'WORKSPACE_LIMIT' ELSE 'BATCH_LIMIT' END
    INTO slots, reason FROM attempts WHERE workspace_id = b.workspace_id AND slot_held;
  IF slots <= 0 THEN RETURN; END IF;

  -- At most 40: the workflow keeps no more lanes than that.
  SELECT count(*) INTO could_start FROM (
    SELECT FROM recipient_states WHERE batch_id = p_batch AND state = 'WAITING' AND zone_set = ANY (zones) AND due_at <= p_now
    LIMIT least(slots, 40)) due;
  IF could_start > 0 THEN reason := 'READY'; RETURN; END IF;
  reason := 'NOT_DUE';
  SELECT min(due_at) INTO until_at FROM recipient_states
    WHERE batch_id = p_batch AND state = 'WAITING' AND zone_set = ANY (zones) AND due_at < 'infinity';
END $$;

-- CLAIM = GATE = the DIALING commit. Gives each lane the next recipient to call, or says why none can be called.
--
-- Guarantees: an attempt exists, is DIALING and holds its slot before anything is sent; it was inserted at an instant at
-- which the batch was RUNNING in this generation, inside an opening that stays open until the call rings, below every
-- limit, with the recipient due, not suppressed, and not in another call. A claim key gets at most one attempt, ever.
-- Two workers that race are serialised by W; the unique indexes on attempts would refuse a second live call anyway.
-- Indexes it relies on: recipient_states_claim_idx, attempts_slots_idx, attempts_one_live_call_per_phone, attempts_claim_key_key.
--
-- verdict: CLAIMED (attempt set), REPEATED (the key has an attempt already: never dial), WAIT (nothing now; the reason
-- may pass by an event), END (this lane has nothing to wait for here; until_ms says from now when there might be).
CREATE FUNCTION claim_calls(
  p_workspace uuid, p_process text, p_dial_budget interval, p_request_timeout interval,
  p_batches uuid[], p_generations integer[], p_epochs integer[], p_keys text[], p_tokens uuid[]
) RETURNS TABLE (lane integer, verdict text, attempt jsonb, reason text, until_ms bigint, could_start integer)
LANGUAGE plpgsql SET enable_seqscan = off SET enable_bitmapscan = off AS $$
#variable_conflict use_column
DECLARE
  t timestamptz;
  b record;
  ask record;
  prospect record;
  lead interval;
  lanes integer[];
  claimed integer;
BEGIN
  -- a. The lock first, then the one reading of the clock.
  PERFORM lock_workspace(p_workspace);
  t := callwright_now();

  FOR ask IN SELECT l.batch_id, array_agg(l.lane::integer ORDER BY l.lane) AS lanes
    FROM unnest(p_batches) WITH ORDINALITY AS l (batch_id, lane) GROUP BY l.batch_id
  LOOP
    lanes := ask.lanes;
    INSERT INTO lane_demand AS d (batch_id, process, lanes, seen_at) VALUES (ask.batch_id, p_process, cardinality(lanes), t)
      ON CONFLICT (batch_id, process) DO UPDATE SET lanes = excluded.lanes, seen_at = excluded.seen_at
      WHERE d.seen_at < t - interval '400 ms';

    SELECT b.*, n.phone AS from_phone, n.provider_account_id, a.provider_agent_id, p.ring_limit_ms, p.ring_lead_ms, p.call_length_max_ms
      INTO b FROM batches b JOIN phone_numbers n ON n.id = b.from_number_id JOIN agents a ON a.id = b.agent_id
      JOIN provider_accounts p ON p.id = n.provider_account_id
      WHERE b.id = ask.batch_id AND b.workspace_id = p_workspace;

    RETURN QUERY SELECT l, 'REPEATED', jsonb_build_object('id', x.id, 'state', x.state, 'phone', x.phone), NULL::text, NULL::bigint, 0
      FROM unnest(lanes) l JOIN attempts x ON x.claim_key = p_keys[l];
    RETURN QUERY SELECT l, 'END', NULL::jsonb, 'STALE', NULL::bigint, 0
      FROM unnest(lanes) l WHERE (p_generations[l] IS DISTINCT FROM b.generation OR p_epochs[l] < b.lane_epoch
        OR l <> (SELECT min(same) FROM unnest(ask.lanes) same WHERE p_keys[same] = p_keys[l]))
        AND NOT EXISTS (SELECT FROM attempts x WHERE x.claim_key = p_keys[l]);
    SELECT array_agg(l ORDER BY l) INTO lanes FROM unnest(lanes) l
      WHERE p_generations[l] = b.generation AND p_epochs[l] >= b.lane_epoch
        -- An activity that is repeated while its first execution still waits has its key here twice.
        AND l = (SELECT min(same) FROM unnest(ask.lanes) same WHERE p_keys[same] = p_keys[l])
        AND NOT EXISTS (SELECT FROM attempts x WHERE x.claim_key = p_keys[l]);
    CONTINUE WHEN lanes IS NULL;

    -- b. Status, hours and slots. The lead keeps a call from ringing after the window has closed.
    lead := p_dial_budget + make_interval(secs => b.ring_lead_ms / 1000.0);
    SELECT * INTO prospect FROM batch_prospect(ask.batch_id, t, p_dial_budget);
    claimed := 0;

    IF prospect.could_start > 0 THEN
      -- c. Calls per second are counted here, in pace_tokens, once they can be configured.
      -- d. The recipients: due, in an opening, in order. Locked rows belong to somebody else's transaction: skipped.
      RETURN QUERY
      WITH picked AS MATERIALIZED (
        SELECT r.recipient_id, r.phone, r.not_after, r.attempt_count, row_number() OVER (ORDER BY r.due_at, r.ordinal) AS place,
               EXISTS (SELECT FROM suppressions s WHERE s.workspace_id = p_workspace AND s.phone = r.phone) AS suppressed
        FROM (SELECT s.* FROM (SELECT DISTINCT zone_set FROM openings o
                               WHERE o.batch_id = b.id AND o.config_version = b.config_version
                                 AND o.opens_at <= t AND t + lead < o.closes_at) zones
              CROSS JOIN LATERAL (
                SELECT * FROM recipient_states r
                WHERE r.batch_id = b.id AND r.zone_set = zones.zone_set AND r.state = 'WAITING' AND r.due_at <= t
                ORDER BY r.due_at, r.ordinal
                LIMIT least(prospect.could_start, cardinality(lanes))
                FOR NO KEY UPDATE SKIP LOCKED) s
              ORDER BY s.due_at, s.ordinal LIMIT least(prospect.could_start, cardinality(lanes))) r
      ),
      -- e. The attempts. A number that is in a call already is skipped by the unique index.
      dialing AS (
        INSERT INTO attempts AS a (workspace_id, batch_id, recipient_id, provider_account_id, from_number_id, phone, number, generation,
          claim_key, dial_token, dialing_at, dial_deadline, hard_end_at, settle_at)
        SELECT p_workspace, b.id, p.recipient_id, b.provider_account_id, b.from_number_id, p.phone, p.attempt_count + 1, b.generation,
          p_keys[lanes[p.place]], p_tokens[lanes[p.place]], t, times.dial_deadline,
          times.dial_deadline + make_interval(secs => (b.ring_limit_ms + b.call_length_max_ms) / 1000.0 + 60), times.dial_deadline
        FROM picked p, LATERAL (SELECT t + p_dial_budget + p_request_timeout + interval '1 s' AS dial_deadline) times
        WHERE NOT p.suppressed AND (p.not_after IS NULL OR p.not_after > t + lead)
        ON CONFLICT DO NOTHING
        RETURNING a.*
      ),
      progressed AS (
        UPDATE recipient_states r SET
          state = CASE WHEN d.id IS NOT NULL THEN 'IN_PROGRESS' WHEN p.suppressed THEN 'SUPPRESSED' WHEN p.not_after <= t + lead THEN 'FAILED' ELSE r.state END,
          last_error = CASE WHEN d.id IS NULL AND NOT p.suppressed AND p.not_after <= t + lead THEN 'EXPIRED' ELSE r.last_error END,
          wait_reason = CASE WHEN d.id IS NULL AND NOT p.suppressed AND coalesce(p.not_after > t + lead, true) THEN 'NUMBER_IN_CALL' END,
          due_at = CASE WHEN d.id IS NULL AND NOT p.suppressed AND coalesce(p.not_after > t + lead, true) THEN t + interval '30 s' ELSE r.due_at END,
          attempt_count = r.attempt_count + (d.id IS NOT NULL)::integer,
          attempts_spent = r.attempts_spent + (d.id IS NOT NULL)::integer,
          last_attempt_id = coalesce(d.id, r.last_attempt_id)
        FROM picked p LEFT JOIN dialing d ON d.recipient_id = p.recipient_id
        WHERE r.recipient_id = p.recipient_id AND r.state = 'WAITING'
        RETURNING r.recipient_id
      )
      SELECT (SELECT min(l) FROM unnest(lanes) l WHERE p_keys[l] = d.claim_key), 'CLAIMED',
        jsonb_build_object('id', d.id, 'dialToken', d.dial_token, 'providerAccountId', d.provider_account_id,
          'from', b.from_phone, 'to', d.phone, 'agentId', coalesce(c.override_agent_id, b.provider_agent_id),
          'agentVersion', c.override_agent_version, 'variables', c.variables, 'metadata', c.metadata, 'sipHeaders', c.sip_headers,
          'skipPhoneCheck', c.skip_phone_check, 'ringLimitMs', b.ring_limit_ms, 'callLengthMaxMs', b.call_length_max_ms),
        NULL::text, NULL::bigint, greatest(prospect.could_start - (SELECT count(*)::integer FROM dialing), 0)
      FROM dialing d JOIN progressed g ON g.recipient_id = d.recipient_id JOIN recipients c ON c.id = d.recipient_id;
      GET DIAGNOSTICS claimed = ROW_COUNT;
      CONTINUE WHEN claimed = cardinality(lanes);
      SELECT array_agg(l ORDER BY l) INTO lanes FROM unnest(lanes) l WHERE NOT EXISTS (SELECT FROM attempts x WHERE x.claim_key = p_keys[l]);
      SELECT * INTO prospect FROM batch_prospect(ask.batch_id, t, p_dial_budget);
    END IF;

    -- f. Nothing for these lanes. Those that wait for an event wait on; the others go home.
    RETURN QUERY SELECT l,
      CASE WHEN prospect.reason IN ('READY', 'WORKSPACE_LIMIT', 'BATCH_LIMIT')
             OR l = lanes[1] AND (prospect.reason = 'CALLS_IN_PROGRESS' OR prospect.reason IN ('NOT_DUE', 'ROWS_OUTSTANDING') AND prospect.until_at IS NULL)
           THEN 'WAIT' ELSE 'END' END,
      NULL::jsonb, prospect.reason,
      ceil(extract(epoch FROM prospect.until_at - t) * 1000)::bigint, prospect.could_start
      FROM unnest(lanes) l;
  END LOOP;
END $$;

-- Locks recipient, then attempt, and gives the attempt as it is now.
CREATE FUNCTION lock_attempt(p_attempt uuid) RETURNS attempts LANGUAGE plpgsql AS $$
DECLARE a attempts;
BEGIN
  PERFORM FROM recipient_states WHERE recipient_id = (SELECT recipient_id FROM attempts WHERE id = p_attempt) FOR NO KEY UPDATE;
  SELECT * INTO a FROM attempts WHERE id = p_attempt FOR NO KEY UPDATE;
  RETURN a;
END $$;

-- Puts a recipient back to waiting after an attempt that cost nothing. A batch that is over takes nobody back.
CREATE FUNCTION requeue_recipient(a attempts, p_due_at timestamptz, p_wait_reason text) RETURNS void LANGUAGE sql AS $$
  UPDATE recipient_states r SET
    state = CASE b.status WHEN 'CANCELLED' THEN 'CANCELLED' WHEN 'COMPLETED' THEN 'FAILED' WHEN 'FAILED' THEN 'FAILED' ELSE 'WAITING' END,
    due_at = greatest(p_due_at, r.not_before), wait_reason = p_wait_reason, attempts_spent = greatest(r.attempts_spent - 1, 0)
  FROM batches b
  WHERE r.recipient_id = a.recipient_id AND r.last_attempt_id = a.id AND r.state IN ('IN_PROGRESS', 'UNCERTAIN') AND b.id = a.batch_id
$$;

-- The end of an attempt: outcome, slot free, recipient by the outcome table. The caller holds both rows.
CREATE FUNCTION end_attempt(a attempts, p_outcome text, p_end_reason text, p_ended_at timestamptz, p_duration_ms integer) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE attempts SET state = 'ENDED', outcome = p_outcome, end_reason = p_end_reason, by_verdict = false, ended_at = p_ended_at,
    duration_ms = p_duration_ms, slot_held = false, displaced = false, spends_attempt = true, settle_at = NULL WHERE id = a.id;
  UPDATE recipient_states SET state = recipient_state_of(p_outcome), last_outcome = p_outcome, wait_reason = NULL,
    last_error = CASE WHEN recipient_state_of(p_outcome) = 'FAILED' THEN p_end_reason END
    WHERE recipient_id = a.recipient_id AND last_attempt_id = a.id;
  PERFORM notify_lanes(a.workspace_id);
END $$;

-- Evidence of a live call outranks whatever was believed: the attempt is in progress, and slot and recipient are taken
-- back. If a newer attempt of the same recipient or number is live too, both count, this one marked displaced, and it is
-- recorded for an operator to see. The caller holds both rows.
CREATE FUNCTION show_call_live(a attempts, p_call_id text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz := callwright_now();
  two_live boolean;
BEGIN
  two_live := NOT a.slot_held AND EXISTS (SELECT FROM attempts o WHERE o.id <> a.id AND o.slot_held AND NOT o.displaced
    AND (o.recipient_id = a.recipient_id OR o.workspace_id = a.workspace_id AND o.phone = a.phone));
  UPDATE attempts SET state = 'IN_PROGRESS', outcome = NULL, by_verdict = false, ended_at = NULL, end_reason = NULL,
    provider_call_id = coalesce(provider_call_id, p_call_id), accepted_at = coalesce(accepted_at, t),
    slot_held = true, displaced = two_live, spends_attempt = true, absent_count = 0, settle_at = greatest(hard_end_at - interval '60 s', t)
    WHERE id = a.id;
  IF two_live THEN
    INSERT INTO audit_events (workspace_id, batch_id, attempt_id, actor, action, detail)
    VALUES (a.workspace_id, a.batch_id, a.id, 'callwright', 'two live calls', jsonb_build_object('was', a.state));
  END IF;
  UPDATE recipient_states r SET state = 'IN_PROGRESS', wait_reason = NULL, attempts_spent = r.attempts_spent + (r.state = 'WAITING')::integer
    FROM batches b WHERE r.recipient_id = a.recipient_id AND r.last_attempt_id = a.id AND r.state <> 'IN_PROGRESS' AND b.id = a.batch_id
      AND b.status NOT IN ('COMPLETED', 'CANCELLED', 'FAILED');
END $$;

-- The fold: whatever facts are stored now decide the attempt's state, so that order and repetition do not matter.
-- The caller holds both rows.
CREATE FUNCTION fold_facts(a attempts) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  ended call_events;
  live call_events;
BEGIN
  SELECT * INTO ended FROM call_events WHERE attempt_id = a.id AND kind = 'ENDED' ORDER BY received_at, id LIMIT 1;
  IF FOUND THEN
    IF a.state <> 'ENDED' OR a.by_verdict OR NOT a.spends_attempt THEN
      UPDATE attempts SET provider_call_id = coalesce(provider_call_id, ended.provider_call_id),
        accepted_at = coalesce(accepted_at, callwright_now()) WHERE id = a.id;
      PERFORM end_attempt(a, coalesce(ended.outcome, 'PROVIDER_ERROR'), ended.end_reason, ended.occurred_at, ended.duration_ms);
    END IF;
  ELSE
    SELECT * INTO live FROM call_events WHERE attempt_id = a.id ORDER BY received_at, id LIMIT 1;
    IF FOUND AND (a.state <> 'ENDED' OR a.by_verdict OR NOT a.spends_attempt) AND a.state <> 'IN_PROGRESS' THEN PERFORM show_call_live(a, live.provider_call_id); END IF;
  END IF;
  UPDATE attempts SET successful = e.successful FROM call_events e
    WHERE attempts.id = a.id AND e.attempt_id = a.id AND e.kind = 'ANALYZED' AND attempts.successful IS DISTINCT FROM e.successful;
END $$;

-- ANSWER, accepted: the provider has the call. Repeating it changes nothing. Facts that came before it are taken up.
CREATE FUNCTION accept_call(p_attempt uuid, p_call_id text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE a attempts;
BEGIN
  a := lock_attempt(p_attempt);
  IF a.state IN ('DIALING', 'UNCERTAIN', 'RELEASED', 'NOT_PLACED') OR a.state = 'ENDED' AND (a.by_verdict OR NOT a.spends_attempt) THEN
    PERFORM show_call_live(a, p_call_id);
  ELSIF a.provider_call_id IS NULL THEN
    UPDATE attempts SET provider_call_id = p_call_id WHERE id = a.id;
  ELSIF a.provider_call_id <> p_call_id THEN
    INSERT INTO audit_events (workspace_id, batch_id, attempt_id, actor, action, detail)
    VALUES (a.workspace_id, a.batch_id, a.id, 'callwright', 'two calls for one attempt', jsonb_build_object('callIds', jsonb_build_array(a.provider_call_id, p_call_id)));
  END IF;
  UPDATE call_events SET attempt_id = a.id
    WHERE provider_account_id = a.provider_account_id AND provider_call_id = p_call_id AND attempt_id IS NULL AND reference IS NULL;
  IF FOUND THEN
    SELECT * INTO a FROM attempts WHERE id = p_attempt;
    PERFORM fold_facts(a);
  END IF;
  SELECT state INTO a.state FROM attempts WHERE id = p_attempt;
  RETURN a.state;
END $$;

-- ANSWER, refused with proof that there is no call. Returns false when the attempt is no longer ours to end.
CREATE FUNCTION refuse_call(p_attempt uuid, p_token uuid, p_outcome text, p_end_reason text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE a attempts;
BEGIN
  a := lock_attempt(p_attempt);
  IF a.dial_token <> p_token OR a.state NOT IN ('DIALING', 'UNCERTAIN') THEN RETURN false; END IF;
  PERFORM end_attempt(a, p_outcome, p_end_reason, callwright_now(), NULL);
  RETURN true;
END $$;

-- ANSWER, refused because the provider, or our account there, takes no calls now: nothing is spent and the recipient
-- waits. Returns false when the attempt is no longer ours to end.
CREATE FUNCTION defer_call(p_attempt uuid, p_token uuid, p_end_reason text, p_delay interval) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE a attempts;
BEGIN
  -- W, because the recipient goes back to waiting: a cancel must not slip in between.
  PERFORM lock_workspace((SELECT workspace_id FROM attempts WHERE id = p_attempt));
  a := lock_attempt(p_attempt);
  IF a.dial_token <> p_token OR a.state NOT IN ('DIALING', 'UNCERTAIN') THEN RETURN false; END IF;
  UPDATE attempts SET state = 'ENDED', outcome = 'PROVIDER_ERROR', end_reason = p_end_reason, ended_at = callwright_now(),
    slot_held = false, displaced = false, spends_attempt = false, settle_at = NULL WHERE id = a.id;
  PERFORM requeue_recipient(a, callwright_now() + p_delay, 'PROVIDER_REFUSED');
  PERFORM notify_lanes(a.workspace_id);
  RETURN true;
END $$;

-- ANSWER, unknown: nobody can tell whether there is a call. The slot stays held; the settler asks the provider.
CREATE FUNCTION doubt_call(p_attempt uuid, p_token uuid, p_end_reason text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE a attempts;
BEGIN
  a := lock_attempt(p_attempt);
  IF a.dial_token <> p_token OR a.state <> 'DIALING' THEN RETURN false; END IF;
  UPDATE attempts SET state = 'UNCERTAIN', end_reason = p_end_reason, settle_at = callwright_now() WHERE id = a.id;
  RETURN true;
END $$;

-- Nothing was sent: slot free, recipient waiting. Found by the claim key, because the one who asks may not know whether
-- its claim was committed; W makes it run after that commit, if there was one. Only the holder of the dial token can ask.
CREATE FUNCTION release_call(p_workspace uuid, p_claim_key text, p_token uuid, p_why text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE a attempts;
BEGIN
  PERFORM lock_workspace(p_workspace);
  SELECT * INTO a FROM lock_attempt((SELECT id FROM attempts WHERE claim_key = p_claim_key AND dial_token = p_token));
  IF a.id IS NULL OR a.state <> 'DIALING' THEN RETURN false; END IF;
  UPDATE attempts SET state = 'RELEASED', end_reason = p_why, ended_at = callwright_now(), slot_held = false, displaced = false,
    spends_attempt = false, settle_at = NULL WHERE id = a.id;
  PERFORM requeue_recipient(a, callwright_now(), NULL);
  PERFORM notify_lanes(a.workspace_id);
  RETURN true;
END $$;

-- EVENT. Stores facts once each, finds their attempt by our reference and the account, else by the provider's call id,
-- and folds them in. Facts whose attempt is not known yet stay as strays: accept_call and the settler take them up.
-- Returns how many were new.
CREATE FUNCTION record_facts(p_account uuid, p_facts jsonb) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  fact record;
  a attempts;
  owner uuid;
  stored integer := 0;
BEGIN
  FOR fact IN SELECT * FROM jsonb_to_recordset(p_facts) AS f ("eventKey" text, kind text, "callId" text, reference uuid,
    "occurredAt" timestamptz, outcome text, "endReason" text, "durationMs" integer, successful boolean, details jsonb)
  LOOP
    -- Two look-ups, each by its unique index; one with OR reads every attempt of the account.
    IF fact.reference IS NOT NULL THEN
      SELECT id INTO owner FROM attempts WHERE id = fact.reference AND provider_account_id = p_account;
    ELSE
      SELECT id INTO owner FROM attempts WHERE provider_account_id = p_account AND provider_call_id = fact."callId";
    END IF;
    IF owner IS NOT NULL THEN a := lock_attempt(owner); END IF;
    INSERT INTO call_events (provider_account_id, event_key, attempt_id, kind, provider_call_id, reference, occurred_at, outcome,
      end_reason, duration_ms, successful, details)
    VALUES (p_account, fact."eventKey", owner, fact.kind, fact."callId", fact.reference, fact."occurredAt", fact.outcome,
      fact."endReason", fact."durationMs", fact.successful, coalesce(fact.details, '{}'))
    ON CONFLICT (provider_account_id, event_key) DO NOTHING;
    CONTINUE WHEN NOT FOUND;
    stored := stored + 1;
    IF owner IS NOT NULL THEN PERFORM fold_facts(a); END IF;
  END LOOP;
  RETURN stored;
END $$;

-- SETTLE. Takes attempts whose time to be looked at has come, each by one settler at a time, and sets their next look.
-- DIALING past its deadline becomes UNCERTAIN. Past its hard end an attempt frees its slot and its recipient is settled
-- as UNCERTAIN, until a verdict or evidence comes. The rest is returned, for the provider to be asked.
CREATE FUNCTION take_unsettled(p_limit integer, p_next_look interval)
RETURNS TABLE (attempt_id uuid, provider_account_id uuid, state text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  t timestamptz := callwright_now();
  owed record;
  a attempts;
BEGIN
  FOR owed IN SELECT x.id, x.recipient_id FROM attempts x WHERE x.settle_at <= t ORDER BY x.settle_at LIMIT p_limit LOOP
    PERFORM FROM recipient_states r WHERE r.recipient_id = owed.recipient_id FOR NO KEY UPDATE SKIP LOCKED;
    CONTINUE WHEN NOT FOUND;
    SELECT * INTO a FROM attempts x WHERE x.id = owed.id AND x.settle_at <= t FOR NO KEY UPDATE SKIP LOCKED;
    CONTINUE WHEN NOT FOUND;
    IF a.state = 'DIALING' THEN
      UPDATE attempts SET state = 'UNCERTAIN', end_reason = 'no answer recorded before the dial deadline' WHERE id = a.id;
      a.state := 'UNCERTAIN';
    END IF;
    IF a.state <> 'NOT_PLACED' AND t >= a.hard_end_at THEN
      UPDATE attempts SET state = 'UNCERTAIN', slot_held = false, displaced = false, settle_at = NULL,
        end_reason = coalesce(end_reason, 'no end was reported before the hard end') WHERE id = a.id;
      UPDATE recipient_states SET state = 'UNCERTAIN', last_outcome = 'UNCERTAIN', wait_reason = NULL
        WHERE recipient_id = a.recipient_id AND last_attempt_id = a.id AND state = 'IN_PROGRESS';
      PERFORM notify_lanes(a.workspace_id);
      CONTINUE;
    END IF;
    UPDATE attempts SET settle_at = least(t + p_next_look, CASE WHEN a.state = 'NOT_PLACED' THEN 'infinity' ELSE hard_end_at END) WHERE id = a.id;
    RETURN QUERY SELECT a.id, a.provider_account_id, a.state;
  END LOOP;
END $$;

-- The provider, which lists every call it has ever taken, knows none with this reference. Two absents at least a settle
-- delay apart, no call id and no fact: NOT_PLACED. The recipient then waits until one more absent is seen after the
-- confirm delay. Only adapters that declare `history` may call this. Returns the attempt's state.
CREATE FUNCTION note_absent(p_attempt uuid, p_settle_delay interval, p_confirm_delay interval) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  a attempts;
  t timestamptz;
BEGIN
  -- W, because the recipient may go back to waiting: a cancel must not slip in between.
  PERFORM lock_workspace((SELECT workspace_id FROM attempts WHERE id = p_attempt));
  t := callwright_now();
  a := lock_attempt(p_attempt);
  IF a.state NOT IN ('UNCERTAIN', 'NOT_PLACED') OR a.provider_call_id IS NOT NULL OR EXISTS (SELECT FROM call_events WHERE attempt_id = a.id) THEN
    RETURN a.state;
  END IF;
  IF a.state = 'NOT_PLACED' THEN
    UPDATE attempts SET settle_at = NULL, absent_count = absent_count + 1, absent_at = t WHERE id = a.id;
    UPDATE recipient_states SET due_at = greatest(t, not_before), wait_reason = NULL
      WHERE recipient_id = a.recipient_id AND last_attempt_id = a.id AND state = 'WAITING' AND wait_reason = 'CONFIRMING_ABSENCE';
    PERFORM notify_lanes(a.workspace_id);
  ELSIF a.absent_count = 0 THEN
    UPDATE attempts SET absent_count = 1, absent_at = t, settle_at = t + p_settle_delay WHERE id = a.id;
  ELSIF t < a.absent_at + p_settle_delay THEN
    UPDATE attempts SET settle_at = a.absent_at + p_settle_delay WHERE id = a.id;
  ELSE
    UPDATE attempts SET state = 'NOT_PLACED', absent_count = absent_count + 1, absent_at = t, ended_at = t, slot_held = false, displaced = false,
      spends_attempt = false, settle_at = t + p_confirm_delay WHERE id = a.id;
    PERFORM requeue_recipient(a, 'infinity', 'CONFIRMING_ABSENCE');
    PERFORM notify_lanes(a.workspace_id);
  END IF;
  SELECT state INTO a.state FROM attempts WHERE id = p_attempt;
  RETURN a.state;
END $$;

-- Facts that came before their attempt was known, matched by the provider's call id. Returns how many attempts changed.
CREATE FUNCTION match_strays() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  stray record;
  a attempts;
  matched integer := 0;
BEGIN
  FOR stray IN SELECT e.id AS event_id, x.id AS attempt_id FROM call_events e
    JOIN attempts x ON x.provider_account_id = e.provider_account_id AND (x.provider_call_id = e.provider_call_id OR x.id = e.reference)
    WHERE e.attempt_id IS NULL LIMIT 100
  LOOP
    a := lock_attempt(stray.attempt_id);
    UPDATE call_events SET attempt_id = stray.attempt_id WHERE id = stray.event_id AND attempt_id IS NULL;
    CONTINUE WHEN NOT FOUND;
    PERFORM fold_facts(a);
    matched := matched + 1;
  END LOOP;
  RETURN matched;
END $$;
