-- Makes a batch with its recipients and openings: all of it, or nothing, in one statement. Nobody sees the batch before
-- the commit, so W comes last: thousands of recipients are inserted without it. Under it, rule packs that are chosen
-- from here on find this batch, and plan it again. p_batch: its columns by their names in the API, and auditDetail;
-- p_recipients as insert_recipients takes them; p_openings are left out when the rule packs that they were planned for
-- (rulePacksVersion) are others by now: the sweeper writes them. Safe to repeat with an id: a batch that is there
-- already is the one that an earlier try of this request made.
CREATE OR REPLACE FUNCTION create_batch(p_batch jsonb, p_recipients jsonb, p_openings jsonb,
  p_openings_until timestamptz) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz := dialwright_now();
  is_submitted boolean := p_batch ->> 'status' = 'SCHEDULED';
  made uuid;
BEGIN
  INSERT INTO batches (id, workspace_id, name, status, from_number_id, agent_id, time_zone, start_at, end_at,
    start_local, end_local, "window", hours_in, unknown_zone, blackout_dates, holidays, purpose, lawful_override,
    concurrency_limit, reserved_concurrency, calls_per_second, max_attempts, retry_policy, success_criterion, breakers,
    kind, allow_costly_numbers, submitted_at)
  SELECT coalesce(b.id, new_id()), b."workspaceId", b.name, b.status, b."fromNumberId", b."agentId", b."timeZone",
    CASE WHEN is_submitted THEN coalesce(b."startAt", t) ELSE b."startAt" END, b."endAt", b."startLocal", b."endLocal",
    b."window", b."hoursIn", b."unknownZone", b."blackoutDates", b.holidays, b.purpose,
    b."lawfulOverride", b."concurrencyLimit", b."reservedConcurrency", b."callsPerSecond",
    b."maxAttempts", b."retryPolicy", b."successCriterion", b.breakers, coalesce(b.kind, 'BATCH'),
    coalesce(b."allowCostlyNumbers", false), CASE WHEN is_submitted THEN t END
  FROM jsonb_to_record(p_batch) AS b (id uuid, "workspaceId" uuid, name text, status text, "fromNumberId" uuid,
    "agentId" uuid, "timeZone" text, "startAt" timestamptz, "endAt" timestamptz, "startLocal" text, "endLocal" text,
    "window" jsonb, "hoursIn" text, "unknownZone" text, "blackoutDates" jsonb, holidays jsonb, purpose text,
    "lawfulOverride" jsonb, "concurrencyLimit" integer, "reservedConcurrency" integer, "callsPerSecond" integer,
    "maxAttempts" integer, "retryPolicy" jsonb, "successCriterion" jsonb, breakers jsonb, kind text,
    "allowCostlyNumbers" boolean)
  ON CONFLICT (id) DO NOTHING RETURNING id INTO made;
  IF made IS NULL THEN RETURN (p_batch ->> 'id')::uuid; END IF;
  PERFORM insert_recipients(made, NULL, p_recipients);
  INSERT INTO audit_events (workspace_id, batch_id, actor, action, detail)
  VALUES ((p_batch ->> 'workspaceId')::uuid, made, p_batch ->> 'actor',
    CASE WHEN p_batch ->> 'kind' = 'TEST' THEN 'test call' ELSE 'create' END,
    jsonb_strip_nulls(jsonb_build_object('lawfulOverride', p_batch -> 'lawfulOverride')
      || coalesce(p_batch -> 'auditDetail', '{}')));
  IF p_openings IS NOT NULL THEN
    PERFORM lock_workspace((p_batch ->> 'workspaceId')::uuid);
    IF (p_openings ->> 'rulePacksVersion')::integer = (SELECT w.rule_packs_version FROM workspaces w
        WHERE w.id = (p_batch ->> 'workspaceId')::uuid) THEN
      PERFORM write_openings(made, 1, p_openings, p_openings_until);
    END IF;
  END IF;
  RETURN made;
END $$;
