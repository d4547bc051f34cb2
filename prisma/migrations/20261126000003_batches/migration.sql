-- What changes a batch: one function for every change of status, whoever asks, and the chunked work that follows it.

-- The times at which calling is allowed, for one config version; computed by domain/hours/batch-hours.ts, never in SQL.
-- p_planned: openings, the zone sets for which they were computed, and the version of the zone data. A zone set that was
-- added meanwhile leaves the batch to be extended again; until then nobody in it is called.
CREATE FUNCTION write_openings(p_batch uuid, p_config_version integer, p_planned jsonb, p_until timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO openings (batch_id, config_version, zone_set, opens_at, closes_at)
    SELECT p_batch, p_config_version, o ->> 'zoneSet', to_timestamp((o ->> 'opensAtMs')::numeric / 1000), to_timestamp((o ->> 'closesAtMs')::numeric / 1000)
    FROM jsonb_array_elements(p_planned -> 'openings') o
    ON CONFLICT (batch_id, config_version, zone_set, opens_at) DO UPDATE SET closes_at = greatest(openings.closes_at, excluded.closes_at);
  UPDATE batches SET zone_data = p_planned ->> 'zoneData',
    openings_until = CASE WHEN NOT EXISTS (SELECT FROM batch_zones z WHERE z.batch_id = p_batch AND NOT p_planned -> 'zoneSets' ? z.zone_set) THEN p_until END
    WHERE id = p_batch AND config_version = p_config_version;
END $$;

-- New openings in place of those of a config version, because what they were computed by has changed: the zone data. Under
-- W, so that no claim sees the batch between its old openings and the new. Changes nothing when the version has moved on.
CREATE FUNCTION replan_openings(p_batch uuid, p_config_version integer, p_planned jsonb, p_until timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE b batches;
BEGIN
  PERFORM lock_workspace((SELECT workspace_id FROM batches WHERE id = p_batch));
  UPDATE batches SET config_version = config_version + 1 WHERE id = p_batch AND config_version = p_config_version RETURNING * INTO b;
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM write_openings(b.id, b.config_version, p_planned, p_until);
  PERFORM notify_lanes(b.workspace_id);
END $$;

-- The rule packs of a workspace have changed: batches with a purpose lose their openings in the same commit, and get new
-- ones when their runs look again, or from the sweeper. Until then nobody is called by rules that no longer hold. Returns
-- the batches to wake.
CREATE FUNCTION choose_rule_packs(p_workspace uuid, p_rule_packs text[]) RETURNS TABLE (batch_id uuid) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM lock_workspace(p_workspace);
  UPDATE workspaces SET rule_packs = p_rule_packs WHERE id = p_workspace;
  PERFORM FROM batches WHERE workspace_id = p_workspace AND purpose IS NOT NULL ORDER BY id FOR NO KEY UPDATE;
  RETURN QUERY UPDATE batches SET config_version = config_version + 1, openings_until = NULL
    WHERE workspace_id = p_workspace AND purpose IS NOT NULL AND status IN ('SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED') RETURNING id;
  PERFORM notify_lanes(p_workspace);
END $$;

-- CHANGE. The only way by which a batch's status changes.
--
-- Under W, so that no dial can follow the answer to a change that forbids it. p_from is the list of statuses from which
-- the action is allowed (domain/batches/status.ts). p_patch: columns to change with it. A command id that was seen already
-- changes nothing. result: CHANGED, REPEATED, NOT_FOUND, NOT_ALLOWED (status is what was found), or the problem:
-- NO_RECIPIENTS, NO_WINDOW, NUMBER_UNUSABLE, AGENT_UNUSABLE, NOTHING_TO_RETRY, TOO_EARLY, UNSETTLED, HAS_RECIPIENTS
-- (whose clock counts can no longer be changed), VERSION_CONFLICT (the patch has an expectedVersion and the batch
-- another). A patch with a breaker is its opening, and is recorded as such.
CREATE FUNCTION change_batch(p_workspace uuid, p_batch uuid, p_action text, p_from text[], p_actor text, p_command_id text,
  p_patch jsonb DEFAULT '{}', p_openings jsonb DEFAULT NULL, p_openings_until timestamptz DEFAULT NULL,
  OUT result text, OUT status text, OUT version integer) LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz;
  b batches;
  next_status text;
BEGIN
  PERFORM lock_workspace(p_workspace);
  t := dialwright_now();
  SELECT * INTO b FROM batches WHERE id = p_batch AND workspace_id = p_workspace AND deleted_at IS NULL FOR NO KEY UPDATE;
  status := b.status;
  version := b.version;
  IF b.id IS NULL THEN result := 'NOT_FOUND'; RETURN; END IF;
  IF EXISTS (SELECT FROM audit_events WHERE command_id = p_command_id) THEN result := 'REPEATED'; RETURN; END IF;

  IF NOT b.status = ANY (p_from) THEN
    result := 'NOT_ALLOWED';
  ELSIF (p_patch ->> 'expectedVersion')::integer <> b.version THEN
    result := 'VERSION_CONFLICT';
  ELSIF (p_patch ->> 'hoursIn' <> b.hours_in OR p_patch ->> 'unknownZone' <> b.unknown_zone OR p_patch ? 'purpose' AND p_patch ->> 'purpose' IS DISTINCT FROM b.purpose)
    AND (EXISTS (SELECT FROM recipient_states WHERE batch_id = b.id)
      OR EXISTS (SELECT FROM imports WHERE batch_id = b.id AND (imports.status IN ('RECEIVING', 'REVIEW') OR rows_outstanding))) THEN
    -- Their zones were decided by what this would change.
    result := 'HAS_RECIPIENTS';
  ELSIF p_action IN ('submit', 'retry') AND NOT EXISTS (SELECT FROM phone_numbers n JOIN provider_accounts a ON a.id = n.provider_account_id
      WHERE n.id = b.from_number_id AND n.outbound AND n.disabled_at IS NULL AND a.disabled_at IS NULL) THEN
    result := 'NUMBER_UNUSABLE';
  ELSIF p_action IN ('submit', 'retry') AND EXISTS (SELECT FROM agents WHERE id = b.agent_id AND disabled_at IS NOT NULL) THEN
    result := 'AGENT_UNUSABLE';
  ELSIF p_action = 'submit' AND b."window" IS NULL THEN
    result := 'NO_WINDOW';
  ELSIF p_action = 'submit' AND NOT EXISTS (SELECT FROM recipient_states WHERE batch_id = b.id)
    AND NOT EXISTS (SELECT FROM imports WHERE batch_id = b.id AND rows_outstanding) THEN
    result := 'NO_RECIPIENTS';
  ELSIF p_action = 'retry' AND NOT EXISTS (SELECT FROM recipient_states r WHERE r.batch_id = b.id AND may_be_retried(r, b.status IN ('CANCELLED', 'FAILED'))) THEN
    result := 'NOTHING_TO_RETRY';
  ELSIF p_action = 'start' AND b.status = 'SCHEDULED' AND b.start_at > t THEN
    result := 'TOO_EARLY';
  ELSIF p_action = 'finish' AND (b.chunk_work IS NOT NULL
      OR EXISTS (SELECT FROM recipient_states WHERE batch_id = b.id AND state IN ('WAITING', 'IN_PROGRESS'))
      OR EXISTS (SELECT FROM imports WHERE batch_id = b.id AND rows_outstanding)) THEN
    result := 'UNSETTLED';
  ELSE
    result := 'CHANGED';
  END IF;

  IF result = 'CHANGED' THEN
    next_status := CASE p_action
      WHEN 'submit' THEN 'SCHEDULED' WHEN 'start' THEN 'RUNNING' WHEN 'pause' THEN 'PAUSED'
      WHEN 'resume' THEN CASE WHEN b.started_at IS NULL AND b.start_at > t THEN 'SCHEDULED' ELSE 'RUNNING' END
      WHEN 'cancel' THEN 'CANCELLED' WHEN 'retry' THEN 'PENDING' WHEN 'finish' THEN 'COMPLETED' WHEN 'fail' THEN 'FAILED'
      WHEN 'delete' THEN CASE WHEN b.status IN ('SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED') THEN 'CANCELLED' ELSE b.status END
      ELSE b.status END;
    UPDATE batches SET
      status = next_status,
      status_reason = CASE WHEN next_status = b.status THEN b.status_reason ELSE p_patch ->> 'statusReason' END,
      version = b.version + 1,
      config_version = b.config_version + (p_openings IS NOT NULL)::integer,
      generation = b.generation + (p_action = 'retry')::integer,
      chunk_work = CASE
        WHEN p_action = 'retry' THEN CASE WHEN b.status IN ('CANCELLED', 'FAILED') THEN 'RETRY_CANCELLED' ELSE 'RETRY' END
        WHEN next_status IN ('CANCELLED', 'FAILED') AND b.status <> next_status THEN
          CASE WHEN (p_patch ->> 'hangUp')::boolean THEN 'CANCEL_AND_HANG_UP' ELSE 'CANCEL' END
        ELSE b.chunk_work END,
      name = coalesce(p_patch ->> 'name', b.name),
      from_number_id = coalesce((p_patch ->> 'fromNumberId')::uuid, b.from_number_id),
      agent_id = coalesce((p_patch ->> 'agentId')::uuid, b.agent_id),
      time_zone = coalesce(p_patch ->> 'timeZone', b.time_zone),
      "window" = coalesce(p_patch -> 'window', b."window"),
      hours_in = coalesce(p_patch ->> 'hoursIn', b.hours_in),
      unknown_zone = coalesce(p_patch ->> 'unknownZone', b.unknown_zone),
      purpose = CASE WHEN p_patch ? 'purpose' THEN p_patch ->> 'purpose' ELSE b.purpose END,
      blackout_dates = coalesce(p_patch -> 'blackoutDates', b.blackout_dates),
      holidays = coalesce(p_patch -> 'holidays', b.holidays),
      lawful_override = CASE WHEN p_patch ? 'lawfulOverride' THEN nullif(p_patch -> 'lawfulOverride', 'null') ELSE b.lawful_override END,
      concurrency_limit = CASE WHEN p_patch ? 'concurrencyLimit' THEN (p_patch ->> 'concurrencyLimit')::integer ELSE b.concurrency_limit END,
      reserved_concurrency = CASE WHEN p_patch ? 'reservedConcurrency' THEN coalesce((p_patch ->> 'reservedConcurrency')::integer, 0) ELSE b.reserved_concurrency END,
      calls_per_second = CASE WHEN p_patch ? 'callsPerSecond' THEN (p_patch ->> 'callsPerSecond')::integer ELSE b.calls_per_second END,
      max_attempts = coalesce((p_patch ->> 'maxAttempts')::integer, b.max_attempts),
      retry_policy = coalesce(nullif(p_patch -> 'retryPolicy', 'null'), b.retry_policy),
      success_criterion = CASE WHEN p_patch ? 'successCriterion' THEN nullif(p_patch -> 'successCriterion', 'null') ELSE b.success_criterion END,
      breakers = coalesce(nullif(p_patch -> 'breakers', 'null'), b.breakers),
      breakers_since = CASE WHEN p_action IN ('start', 'resume') THEN t ELSE b.breakers_since END,
      start_at = CASE
        WHEN p_action = 'submit' THEN coalesce(b.start_at, t)
        WHEN p_patch ? 'startAt' THEN (p_patch ->> 'startAt')::timestamptz ELSE b.start_at END,
      run_handled = coalesce(p_patch ->> 'runHandled', b.run_handled),
      unanswered_since = NULL,
      submitted_at = CASE WHEN p_action = 'submit' THEN t ELSE b.submitted_at END,
      started_at = CASE WHEN p_action = 'start' THEN coalesce(b.started_at, t) ELSE b.started_at END,
      finished_at = CASE WHEN next_status IN ('COMPLETED', 'CANCELLED', 'FAILED') THEN coalesce(b.finished_at, t) ELSE NULL END,
      deleted_at = CASE WHEN p_action = 'delete' THEN t END
      WHERE id = b.id AND batches.status = b.status;
    IF NOT FOUND THEN RAISE EXCEPTION 'batch % changed under its lock', p_batch; END IF;
    IF p_openings IS NOT NULL THEN PERFORM write_openings(b.id, b.config_version + 1, p_openings, p_openings_until); END IF;
    status := next_status;
    version := b.version + 1;
    PERFORM notify_lanes(p_workspace);
  END IF;
  IF p_action NOT IN ('start', 'finish') OR result = 'CHANGED' THEN
    INSERT INTO audit_events (workspace_id, batch_id, actor, action, command_id, applied, detail)
    VALUES (p_workspace, b.id, p_actor, CASE WHEN p_patch ? 'breaker' THEN 'circuit breaker opened' ELSE p_action END, p_command_id, result = 'CHANGED',
      jsonb_build_object('from', b.status, 'to', status, 'version', version, 'result', result) || coalesce(p_patch -> 'breaker', jsonb_build_object('patch', p_patch)));
  END IF;
END $$;

-- Whether a batch retry calls this recipient again: failed and unanswered ones, and after a cancel those never called.
CREATE FUNCTION may_be_retried(r recipient_states, p_cancelled_too boolean) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT CASE r.state
    WHEN 'NO_ANSWER' THEN true
    WHEN 'FAILED' THEN r.last_error IS DISTINCT FROM 'EXPIRED' AND r.last_outcome IS DISTINCT FROM 'INVALID_NUMBER'
    WHEN 'CANCELLED' THEN p_cancelled_too AND r.attempt_count = 0
    WHEN 'WAITING' THEN p_cancelled_too
    ELSE false END
$$;

CREATE FUNCTION is_chunk_work_left(b batches) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN b.chunk_work IN ('CANCEL', 'CANCEL_AND_HANG_UP') THEN
      EXISTS (SELECT FROM recipient_states WHERE batch_id = b.id AND state = 'WAITING')
      OR b.chunk_work = 'CANCEL_AND_HANG_UP' AND EXISTS (SELECT FROM attempts WHERE workspace_id = b.workspace_id AND batch_id = b.id
        AND slot_held AND state IN ('DIALING', 'IN_PROGRESS') AND hang_up_asked_at IS NULL)
    ELSE EXISTS (SELECT FROM recipient_states r WHERE r.batch_id = b.id AND r.generation < b.generation
      AND r.state IN ('NO_ANSWER', 'FAILED', 'CANCELLED') AND may_be_retried(r, b.chunk_work = 'RETRY_CANCELLED')) END
$$;

-- Moves at most p_limit recipients of a cancelled or retried batch, and asks for its live calls to be hung up if that was
-- wanted. Until the last has followed, reads derive the state from the batch. Requires the work that was asked for still
-- to be the batch's work. Recipients that are just being written are passed over until they are not, because those who
-- write them may wait for the batch's row. Returns true when more is left.
CREATE FUNCTION do_chunk_work(p_batch uuid, p_limit integer) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  b batches;
  moved integer;
BEGIN
  SELECT * INTO b FROM batches WHERE id = p_batch AND chunk_work IS NOT NULL FOR NO KEY UPDATE SKIP LOCKED;
  IF NOT FOUND THEN RETURN false; END IF;
  IF b.chunk_work IN ('CANCEL', 'CANCEL_AND_HANG_UP') THEN
    IF b.chunk_work = 'CANCEL_AND_HANG_UP' THEN PERFORM request_hang_ups(b.workspace_id, b.id, p_limit); END IF;
    WITH chunk AS (SELECT recipient_id FROM recipient_states WHERE batch_id = b.id AND state = 'WAITING' LIMIT p_limit FOR NO KEY UPDATE SKIP LOCKED)
    UPDATE recipient_states r SET state = 'CANCELLED', wait_reason = NULL FROM chunk WHERE r.recipient_id = chunk.recipient_id AND r.state = 'WAITING';
  ELSE
    WITH chunk AS (SELECT recipient_id FROM recipient_states r
      WHERE r.batch_id = b.id AND r.generation < b.generation AND r.state IN ('NO_ANSWER', 'FAILED', 'CANCELLED')
        AND may_be_retried(r, b.chunk_work = 'RETRY_CANCELLED') LIMIT p_limit FOR NO KEY UPDATE SKIP LOCKED)
    UPDATE recipient_states r SET state = 'WAITING', generation = b.generation, attempts_spent = 0, wait_reason = NULL,
      due_at = coalesce(r.not_before, '-infinity') FROM chunk WHERE r.recipient_id = chunk.recipient_id;
  END IF;
  GET DIAGNOSTICS moved = ROW_COUNT;
  IF moved = p_limit OR is_chunk_work_left(b) THEN RETURN true; END IF;
  UPDATE batches SET chunk_work = NULL WHERE id = b.id;
  PERFORM notify_lanes(b.workspace_id);
  RETURN false;
END $$;

-- Recipients from validated rows, in order. One shape for JSON requests and confirmed imports.
CREATE FUNCTION insert_recipients(p_batch uuid, p_import uuid, p_rows jsonb) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE added integer;
BEGIN
  WITH rows AS MATERIALIZED (
    -- Ids and ordinals are drawn before the inserts, so that nothing has to be matched afterwards.
    SELECT new_id() AS id, nextval('recipients_ordinal_seq') AS ordinal, r FROM jsonb_array_elements(p_rows) WITH ORDINALITY AS given (r, place) ORDER BY place
  ), added AS (
    INSERT INTO recipients (id, ordinal, batch_id, import_id, phone, name, variables, metadata, sip_headers, skip_phone_check, override_agent_id, override_agent_version, time_zone)
    OVERRIDING SYSTEM VALUE
    SELECT id, ordinal, p_batch, p_import, r ->> 'phone', r ->> 'name', coalesce(r -> 'variables', '{}'), coalesce(r -> 'metadata', '{}'),
      coalesce(r -> 'sipHeaders', '{}'), coalesce((r ->> 'skipPhoneCheck')::boolean, false), r ->> 'overrideAgentId', r ->> 'overrideAgentVersion', r ->> 'timeZone'
    FROM rows
  )
  INSERT INTO recipient_states (recipient_id, batch_id, ordinal, phone, zone_set, generation, not_before, not_after, due_at)
    SELECT id, p_batch, rows.ordinal, r ->> 'phone', coalesce(r ->> 'zoneSet', ''), b.generation, (r ->> 'notBefore')::timestamptz, (r ->> 'notAfter')::timestamptz,
      coalesce((r ->> 'notBefore')::timestamptz, '-infinity')
    FROM rows, (SELECT generation FROM batches WHERE id = p_batch) b;
  GET DIAGNOSTICS added = ROW_COUNT;
  RETURN added;
END $$;

-- Adds recipients to a batch that still takes them. The batch's row is locked, so that a finish cannot slip between check
-- and insert. Their zones were chosen by the hours given: HOURS_CHANGED when the batch has others by now. result: ADDED,
-- NOT_FOUND, NOT_ALLOWED or HOURS_CHANGED.
CREATE FUNCTION add_recipients(p_workspace uuid, p_batch uuid, p_from text[], p_rows jsonb, p_hours jsonb, OUT result text, OUT status text, OUT version integer)
LANGUAGE plpgsql AS $$
DECLARE hours jsonb;
BEGIN
  SELECT b.status, jsonb_build_object('hoursIn', b.hours_in, 'purpose', b.purpose, 'unknownZone', b.unknown_zone) INTO status, hours
    FROM batches b WHERE id = p_batch AND workspace_id = p_workspace AND deleted_at IS NULL FOR NO KEY UPDATE;
  IF NOT FOUND THEN result := 'NOT_FOUND'; RETURN; END IF;
  IF NOT status = ANY (p_from) THEN result := 'NOT_ALLOWED'; RETURN; END IF;
  IF hours <> p_hours THEN result := 'HOURS_CHANGED'; RETURN; END IF;
  PERFORM insert_recipients(p_batch, NULL, p_rows);
  UPDATE batches b SET version = b.version + 1 WHERE id = p_batch RETURNING b.version INTO version;
  PERFORM notify_lanes(p_workspace);
  result := 'ADDED';
END $$;

-- Takes waiting recipients out of a batch: the given ones, or those of an import; at most p_limit in one call. Whoever was
-- never called is deleted, the others become CANCELLED and keep their attempts. A recipient that a claim is taking at this
-- instant stays. result: REMOVED, NOT_FOUND or NOT_ALLOWED; removed says how many: repeat while it is p_limit.
CREATE FUNCTION remove_recipients(p_workspace uuid, p_batch uuid, p_from text[], p_recipients uuid[], p_import uuid, p_limit integer,
  OUT result text, OUT status text, OUT version integer, OUT removed integer) LANGUAGE plpgsql AS $$
DECLARE ids uuid[];
BEGIN
  removed := 0;
  SELECT b.status, b.version INTO status, version FROM batches b WHERE id = p_batch AND workspace_id = p_workspace AND deleted_at IS NULL FOR NO KEY UPDATE;
  IF NOT FOUND THEN result := 'NOT_FOUND'; RETURN; END IF;
  IF NOT status = ANY (p_from) THEN result := 'NOT_ALLOWED'; RETURN; END IF;
  result := 'REMOVED';
  SELECT array_agg(recipient_id) INTO ids FROM (SELECT s.recipient_id FROM recipient_states s
    WHERE s.batch_id = p_batch AND s.state = 'WAITING' AND (p_recipients IS NULL OR s.recipient_id = ANY (p_recipients))
      AND (p_import IS NULL OR EXISTS (SELECT FROM recipients r WHERE r.id = s.recipient_id AND r.import_id = p_import))
    LIMIT p_limit FOR NO KEY UPDATE OF s SKIP LOCKED) chosen;
  removed := coalesce(cardinality(ids), 0);
  IF removed = 0 THEN RETURN; END IF;
  UPDATE recipient_states s SET state = 'CANCELLED', wait_reason = NULL, last_error = 'REMOVED' WHERE s.recipient_id = ANY (ids) AND s.attempt_count > 0;
  DELETE FROM recipient_states s WHERE s.recipient_id = ANY (ids) AND s.attempt_count = 0;
  DELETE FROM recipients r WHERE r.id = ANY (ids) AND NOT EXISTS (SELECT FROM recipient_states s WHERE s.recipient_id = r.id);
  UPDATE batches b SET version = b.version + 1 WHERE id = p_batch RETURNING b.version INTO version;
  PERFORM notify_lanes(p_workspace);
END $$;

-- Confirms an import under review; its accepted rows follow in chunks. result: CONFIRMED, NOT_FOUND, NOT_IN_REVIEW,
-- NO_ACCEPTED_ROWS, or NOT_ALLOWED with the batch's status.
CREATE FUNCTION confirm_import(p_workspace uuid, p_import uuid, p_from text[], OUT result text, OUT status text) LANGUAGE plpgsql AS $$
DECLARE i imports;
BEGIN
  PERFORM lock_workspace(p_workspace);
  SELECT * INTO i FROM imports WHERE id = p_import AND workspace_id = p_workspace FOR NO KEY UPDATE;
  IF NOT FOUND THEN result := 'NOT_FOUND'; RETURN; END IF;
  SELECT b.status INTO status FROM batches b WHERE b.id = i.batch_id AND b.deleted_at IS NULL;
  IF NOT FOUND THEN result := 'NOT_FOUND'; RETURN; END IF;
  IF i.status <> 'REVIEW' THEN result := 'NOT_IN_REVIEW'; status := i.status; RETURN; END IF;
  IF NOT status = ANY (p_from) THEN result := 'NOT_ALLOWED'; RETURN; END IF;
  IF i.accepted_rows = 0 THEN result := 'NO_ACCEPTED_ROWS'; RETURN; END IF;
  UPDATE imports SET status = 'CONFIRMED', rows_outstanding = true, confirmed_at = dialwright_now() WHERE id = i.id AND imports.status = 'REVIEW';
  result := 'CONFIRMED';
END $$;

-- Moves at most p_limit accepted rows of a confirmed import into its batch. Row, recipient and the place that was reached
-- change in one commit, so a repeat adds nobody twice. Returns true when more is left; false also while somebody else moves
-- its rows. Rows for a batch that takes nobody any more are dropped.
-- The batch's row is locked at the end only, since calls that end wait for it: an outstanding import keeps a batch from
-- finishing, and what else may have happened to it meanwhile makes the chunk be repeated.
CREATE FUNCTION move_import_rows(p_import uuid, p_limit integer) RETURNS boolean LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  i imports;
  b batches;
  seen batches;
  rows jsonb;
  found_rows integer;
  through integer;
  moved integer := 0;
BEGIN
  SELECT * INTO i FROM imports WHERE id = p_import AND rows_outstanding FOR NO KEY UPDATE SKIP LOCKED;
  IF NOT FOUND THEN RETURN false; END IF;
  SELECT * INTO seen FROM batches WHERE id = i.batch_id;
  -- From the place that was reached: deleted rows before it stay in the index for as long as any transaction is open.
  SELECT max(row_number), count(*) INTO through, found_rows FROM (SELECT row_number FROM import_rows
    WHERE import_id = i.id AND accepted AND row_number > i.moved_through ORDER BY row_number LIMIT p_limit) chunk;
  WITH taken AS (DELETE FROM import_rows WHERE import_id = i.id AND accepted AND row_number > i.moved_through AND row_number <= through
    RETURNING row_number, content)
  SELECT json_agg(content ORDER BY row_number) INTO rows FROM taken;
  IF found_rows > 0 AND seen.deleted_at IS NULL AND seen.status NOT IN ('COMPLETED', 'FAILED') THEN
    moved := insert_recipients(seen.id, i.id, rows);
  END IF;
  SELECT * INTO b FROM batches WHERE id = i.batch_id FOR NO KEY UPDATE;
  IF (b.status, b.generation, b.deleted_at) IS DISTINCT FROM (seen.status, seen.generation, seen.deleted_at) THEN
    RAISE EXCEPTION 'batch % changed while rows of import % became recipients', b.id, i.id USING ERRCODE = 'serialization_failure';
  END IF;
  IF moved > 0 AND b.status = 'CANCELLED' THEN UPDATE batches SET chunk_work = coalesce(chunk_work, 'CANCEL') WHERE id = b.id; END IF;
  UPDATE imports SET moved_rows = moved_rows + moved, moved_through = coalesce(through, moved_through), rows_outstanding = found_rows = p_limit WHERE id = i.id;
  IF found_rows = p_limit THEN RETURN true; END IF;
  UPDATE batches SET version = version + 1 WHERE id = b.id;
  PERFORM notify_lanes(b.workspace_id);
  RETURN false;
END $$;

-- START and LOOK in one: what the run asks when it does not know what to do next. Acknowledges the API's wake first, so
-- that a change made from here on sends another. A batch that is not of this generation is over for the run that asks.
CREATE FUNCTION look_at_batch(p_batch uuid, p_dial_budget interval,
  OUT status text, OUT status_reason text, OUT generation integer, OUT lane_epoch integer, OUT workspace_id uuid, OUT reason text,
  OUT until_ms bigint, OUT could_start integer) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  b batches;
  t timestamptz;
  until_at timestamptz;
BEGIN
  SELECT * INTO b FROM batches WHERE id = p_batch;
  IF NOT FOUND THEN status := 'DELETED'; RETURN; END IF;
  -- W before the batch's row, as everywhere: the start below takes both.
  PERFORM lock_workspace(b.workspace_id);
  UPDATE batches SET wake_sent_version = NULL, wake_sent_at = NULL, unanswered_since = NULL WHERE id = p_batch AND wake_sent_version IS NOT NULL;
  IF b.status IN ('SCHEDULED', 'PENDING') THEN
    PERFORM change_batch(b.workspace_id, p_batch, 'start', ARRAY['SCHEDULED', 'PENDING'], 'dialwright', NULL);
  END IF;
  t := dialwright_now();
  SELECT * INTO b FROM batches WHERE id = p_batch;
  SELECT p.reason, p.until_at, p.could_start INTO reason, until_at, could_start FROM batch_prospect(p_batch, t, p_dial_budget) p;
  status := CASE WHEN b.deleted_at IS NOT NULL THEN 'DELETED' ELSE b.status END;
  status_reason := b.status_reason;
  generation := b.generation;
  lane_epoch := b.lane_epoch;
  workspace_id := b.workspace_id;
  until_ms := ceil(extract(epoch FROM until_at - t) * 1000)::bigint;
END $$;
