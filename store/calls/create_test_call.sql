-- Makes a test call: a batch of the kind TEST with one recipient, once, and within the pace of test calls. It runs
-- under W, so that requests that come together cannot exceed the pace. Its openings were planned outside the lock.
-- p_batch and p_recipients: see create_batch. p_per_minute_max: how many test calls one workspace may make in a minute.
-- Safe to repeat with an id. result: MADE. READ_AGAIN, and nothing is made, when the workspace has other rule packs
-- than the openings were planned for, or when the openings allow no call at this instant. TOO_MANY, and nothing is
-- made: wait_ms says after what time the next test call may be asked for.
CREATE OR REPLACE FUNCTION create_test_call(p_batch jsonb, p_recipients jsonb, p_per_minute_max integer,
  OUT result text, OUT batch_id uuid, OUT recipient_id uuid, OUT wait_ms float8) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  workspace CONSTANT uuid := p_batch ->> 'workspaceId';
  openings CONSTANT jsonb := p_batch -> 'openings';
  t timestamptz;
  t_ms numeric;
BEGIN
  PERFORM lock_workspace(workspace);
  t := dialwright_now();
  t_ms := extract(epoch FROM t) * 1000;
  IF NOT EXISTS (SELECT FROM batches WHERE id = (p_batch ->> 'id')::uuid) THEN
    IF (openings ->> 'rulePacksVersion')::integer <> (SELECT rule_packs_version FROM workspaces WHERE id = workspace)
      OR NOT EXISTS (SELECT FROM jsonb_array_elements(openings -> 'openings') o
        WHERE (o ->> 'opensAtMs')::numeric <= t_ms AND (o ->> 'closesAtMs')::numeric > t_ms) THEN
      result := 'READ_AGAIN';
      RETURN;
    END IF;
    -- One stamped more than 5 s ahead means that the clock went back; it is not counted.
    SELECT ceil(extract(epoch FROM created_at + interval '1 minute' - t) * 1000) INTO wait_ms FROM batches
      WHERE workspace_id = workspace AND kind = 'TEST' AND created_at > t - interval '1 minute'
        AND created_at <= t + interval '5 s'
      ORDER BY created_at DESC OFFSET p_per_minute_max - 1 LIMIT 1;
    IF FOUND THEN result := 'TOO_MANY'; RETURN; END IF;
  END IF;
  batch_id := create_batch(p_batch, p_recipients);
  SELECT s.recipient_id INTO recipient_id FROM recipient_states s WHERE s.batch_id = create_test_call.batch_id;
  result := 'MADE';
END $$;
