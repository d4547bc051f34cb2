-- CHANGE. The only way by which a batch's status changes.
--
-- Under W, so that no dial can follow the answer to a change that forbids it. p_from is the list of statuses from which
-- the action is allowed (domain/batches/status.ts). p_patch: columns to change with it. A command id that was seen
-- already changes nothing. result: CHANGED, REPEATED, NOT_FOUND, NOT_ALLOWED (status is what was found), or the
-- problem: NO_RECIPIENTS, NO_WINDOW, NUMBER_UNUSABLE, AGENT_UNUSABLE, NOTHING_TO_RETRY, TOO_EARLY, UNSETTLED,
-- UPLOADS_OPEN (one is received or under review and not among discardImports, whose rows the caller deletes),
-- END_PASSED, HAS_RECIPIENTS (whose clock counts can no longer be changed), VERSION_CONFLICT (the patch has an
-- expectedVersion and the batch another), READ_AGAIN (it was made from a readVersion, and the batch has another: made
-- again by the one who asks, so it is not recorded). A patch with a breaker is its opening, and is recorded as such.
--
-- p_openings are planned outside the lock, for the hours and the rule packs that were read then (hoursVersion,
-- rulePacksVersion). When the batch has others by now, result is HOURS_CHANGED, nothing is changed and nothing
-- recorded: plan again. A change of hours without openings closes the batch until the sweeper has written them.
CREATE OR REPLACE FUNCTION change_batch(p_workspace uuid, p_batch uuid, p_action text, p_from text[], p_actor text,
  p_command_id text,
  p_patch jsonb DEFAULT '{}', p_openings jsonb DEFAULT NULL, p_openings_until timestamptz DEFAULT NULL,
  OUT result text, OUT status text, OUT version integer) LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  t timestamptz;
  b batches;
  next_status text;
  hours_changed boolean := p_patch ?| ARRAY['window', 'timeZone', 'hoursIn', 'unknownZone', 'purpose', 'blackoutDates',
    'holidays', 'lawfulOverride'];
  is_retry_empty boolean := false;
BEGIN
  -- Before W: where most are answered, it reads all of them. Nobody of a batch that is over is called meanwhile.
  IF p_action = 'retry' THEN
    is_retry_empty := NOT EXISTS (SELECT FROM batches o JOIN recipient_states r ON r.batch_id = o.id
      WHERE o.id = p_batch AND o.workspace_id = p_workspace
        AND may_be_retried(r, o.status IN ('CANCELLED', 'FAILED')));
  END IF;
  PERFORM lock_workspace(p_workspace);
  t := dialwright_now();
  SELECT * INTO b FROM batches WHERE id = p_batch AND workspace_id = p_workspace AND deleted_at IS NULL
    FOR NO KEY UPDATE;
  status := b.status;
  version := b.version;
  IF b.id IS NULL THEN result := 'NOT_FOUND'; RETURN; END IF;
  IF EXISTS (SELECT FROM audit_events WHERE command_id = p_command_id) THEN result := 'REPEATED'; RETURN; END IF;
  IF (p_patch ->> 'readVersion')::integer <> b.version THEN result := 'READ_AGAIN'; RETURN; END IF;
  p_patch := p_patch - 'readVersion';

  IF NOT b.status = ANY (p_from) OR b.kind = 'TEST' AND p_action IN ('submit', 'retry', 'rename', 'edit') THEN
    -- A test call is one call, as it was asked for: whatever calls again takes the pace of test calls.
    result := 'NOT_ALLOWED';
  ELSIF (p_patch ->> 'expectedVersion')::integer <> b.version THEN
    result := 'VERSION_CONFLICT';
  ELSIF (p_patch ->> 'hoursIn' <> b.hours_in OR p_patch ->> 'unknownZone' <> b.unknown_zone OR p_patch ? 'purpose'
    AND p_patch ->> 'purpose' IS DISTINCT FROM b.purpose)
    AND (EXISTS (SELECT FROM recipient_states WHERE batch_id = b.id)
      OR EXISTS (SELECT FROM imports WHERE batch_id = b.id
        AND (imports.status IN ('RECEIVING', 'REVIEW') OR rows_outstanding))) THEN
    -- Their zones were decided by what this would change.
    result := 'HAS_RECIPIENTS';
  ELSIF p_action IN ('submit', 'retry')
    AND NOT EXISTS (SELECT FROM phone_numbers n JOIN provider_accounts a ON a.id = n.provider_account_id
      WHERE n.id = b.from_number_id AND n.outbound AND n.disabled_at IS NULL AND a.disabled_at IS NULL) THEN
    result := 'NUMBER_UNUSABLE';
  ELSIF p_action IN ('submit', 'retry')
    AND EXISTS (SELECT FROM agents WHERE id = b.agent_id AND disabled_at IS NOT NULL) THEN
    result := 'AGENT_UNUSABLE';
  ELSIF p_action = 'submit' AND b."window" IS NULL THEN
    result := 'NO_WINDOW';
  ELSIF p_action = 'submit' AND NOT EXISTS (SELECT FROM recipient_states WHERE batch_id = b.id)
    AND NOT EXISTS (SELECT FROM imports WHERE batch_id = b.id AND rows_outstanding) THEN
    result := 'NO_RECIPIENTS';
  ELSIF p_action = 'submit' AND EXISTS (SELECT FROM imports i WHERE i.batch_id = b.id
    AND i.status IN ('RECEIVING', 'REVIEW') AND NOT coalesce(p_patch -> 'discardImports', '[]') ? i.id::text) THEN
    result := 'UPLOADS_OPEN';
  ELSIF p_action IN ('submit', 'retry')
    AND (CASE WHEN p_patch ? 'endAt' THEN (p_patch ->> 'endAt')::timestamptz ELSE b.end_at END) <= t THEN
    result := 'END_PASSED';
  ELSIF is_retry_empty THEN
    result := 'NOTHING_TO_RETRY';
  ELSIF p_action = 'start' AND b.status = 'SCHEDULED' AND b.start_at > t THEN
    result := 'TOO_EARLY';
  ELSIF p_action = 'finish' AND (b.chunk_work IS NOT NULL
      OR unsettled_state(b.id) IS NOT NULL
      OR EXISTS (SELECT FROM imports WHERE batch_id = b.id AND rows_outstanding)) THEN
    result := 'UNSETTLED';
  ELSIF (p_openings ->> 'hoursVersion')::integer <> b.hours_version OR (p_openings ->> 'rulePacksVersion')::integer
    <> (SELECT w.rule_packs_version FROM workspaces w WHERE w.id = p_workspace) THEN
    result := 'HOURS_CHANGED';
    RETURN;
  ELSE
    result := 'CHANGED';
  END IF;

  IF result = 'CHANGED' THEN
    next_status := CASE p_action
      WHEN 'submit' THEN 'SCHEDULED' WHEN 'start' THEN 'RUNNING' WHEN 'pause' THEN 'PAUSED'
      WHEN 'resume' THEN CASE WHEN b.started_at IS NULL AND b.start_at > t THEN 'SCHEDULED' ELSE 'RUNNING' END
      WHEN 'cancel' THEN 'CANCELLED' WHEN 'retry' THEN 'PENDING' WHEN 'finish' THEN 'COMPLETED' WHEN 'fail'
        THEN 'FAILED'
      WHEN 'delete' THEN CASE WHEN b.status IN ('SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED') THEN 'CANCELLED'
        ELSE b.status END
      ELSE b.status END;
    UPDATE batches SET
      status = next_status,
      status_reason = CASE WHEN next_status = b.status THEN b.status_reason ELSE p_patch ->> 'statusReason' END,
      version = b.version + 1,
      hours_version = b.hours_version + hours_changed::integer,
      openings_until = CASE WHEN NOT hours_changed AND NOT p_patch ? 'startAt' THEN b.openings_until END,
      generation = b.generation + (p_action = 'retry')::integer,
      chunk_work = CASE
        WHEN p_action = 'retry' THEN CASE WHEN b.status IN ('CANCELLED', 'FAILED') THEN 'RETRY_CANCELLED'
          ELSE 'RETRY' END
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
      lawful_override = CASE WHEN p_patch ? 'lawfulOverride' THEN nullif(p_patch -> 'lawfulOverride', 'null')
        ELSE b.lawful_override END,
      concurrency_limit = CASE WHEN p_patch ? 'concurrencyLimit' THEN (p_patch ->> 'concurrencyLimit')::integer
        ELSE b.concurrency_limit END,
      reserved_concurrency = CASE WHEN p_patch ? 'reservedConcurrency'
        THEN coalesce((p_patch ->> 'reservedConcurrency')::integer, 0) ELSE b.reserved_concurrency END,
      calls_per_second = CASE WHEN p_patch ? 'callsPerSecond' THEN (p_patch ->> 'callsPerSecond')::integer
        ELSE b.calls_per_second END,
      max_attempts = coalesce((p_patch ->> 'maxAttempts')::integer, b.max_attempts),
      retry_policy = coalesce(nullif(p_patch -> 'retryPolicy', 'null'), b.retry_policy),
      success_criterion = CASE WHEN p_patch ? 'successCriterion' THEN nullif(p_patch -> 'successCriterion', 'null')
        ELSE b.success_criterion END,
      allow_costly_numbers = coalesce((p_patch ->> 'allowCostlyNumbers')::boolean, b.allow_costly_numbers),
      breakers = coalesce(nullif(p_patch -> 'breakers', 'null'), b.breakers),
      breakers_since = CASE WHEN p_action IN ('start', 'resume') THEN t ELSE b.breakers_since END,
      start_at = CASE
        WHEN p_action = 'submit' THEN coalesce(b.start_at, t)
        WHEN p_patch ? 'startAt' THEN (p_patch ->> 'startAt')::timestamptz ELSE b.start_at END,
      start_local = CASE WHEN p_patch ? 'startLocal' THEN p_patch ->> 'startLocal' ELSE b.start_local END,
      end_at = CASE WHEN p_patch ? 'endAt' THEN (p_patch ->> 'endAt')::timestamptz ELSE b.end_at END,
      end_local = CASE WHEN p_patch ? 'endLocal' THEN p_patch ->> 'endLocal' ELSE b.end_local END,
      run_handled = coalesce(p_patch ->> 'runHandled', b.run_handled),
      unanswered_since = NULL,
      -- The sweeper sees to it when the wake that follows is lost.
      sweep_at = CASE WHEN next_status IN ('SCHEDULED', 'PENDING', 'RUNNING') THEN t + interval '1 s'
        ELSE b.sweep_at END,
      submitted_at = CASE WHEN p_action = 'submit' THEN t ELSE b.submitted_at END,
      started_at = CASE WHEN p_action = 'start' THEN coalesce(b.started_at, t) ELSE b.started_at END,
      finished_at = CASE WHEN next_status IN ('COMPLETED', 'CANCELLED', 'FAILED') THEN coalesce(b.finished_at, t)
        ELSE NULL END,
      deleted_at = CASE WHEN p_action = 'delete' THEN t END
      WHERE id = b.id AND batches.status = b.status;
    IF NOT FOUND THEN RAISE EXCEPTION 'batch % changed under its lock', p_batch; END IF;
    UPDATE imports i SET status = 'DISCARDED' WHERE i.batch_id = b.id AND i.status IN ('RECEIVING', 'REVIEW')
      AND p_patch -> 'discardImports' ? i.id::text;
    IF next_status IN ('COMPLETED', 'CANCELLED', 'FAILED') THEN
      DELETE FROM claim_cursors WHERE batch_id = b.id;
    END IF;
    IF p_openings IS NOT NULL THEN
      PERFORM write_openings(b.id, b.hours_version + hours_changed::integer, p_openings, p_openings_until);
    END IF;
    status := next_status;
    version := b.version + 1;
    PERFORM notify_lanes(p_workspace);
  END IF;
  IF p_action NOT IN ('start', 'finish') OR result = 'CHANGED' THEN
    INSERT INTO audit_events (workspace_id, batch_id, actor, action, command_id, applied, detail)
    VALUES (p_workspace, b.id, p_actor, CASE WHEN p_patch ? 'breaker' THEN 'circuit breaker opened'
      ELSE p_action END, p_command_id, result = 'CHANGED',
      jsonb_build_object('from', b.status, 'to', status, 'version', version, 'result',
        result) || coalesce(p_patch -> 'breaker', jsonb_build_object('patch', p_patch)));
  END IF;
END $$;
