-- Changes name, limits and rule packs of a workspace, under W: no call that starts after the answer goes by the old
-- ones. p_patch has what is given: name, concurrencyLimit, callsPerSecond, frequencyCap, rulePacks; null takes a rate
-- or a cap away, and stands for the rule packs that are on by default. A command id that was seen already changes
-- nothing, since the workspace may have been changed again. batch_ids: the open batches whose hours have to be planned
-- again; of a repetition too, as nobody may have woken them.
CREATE OR REPLACE FUNCTION update_workspace(p_workspace uuid, p_patch jsonb, p_actor text, p_command_id text,
  OUT batch_ids uuid[]) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM lock_workspace(p_workspace);
  INSERT INTO audit_events (workspace_id, actor, action, command_id, detail)
    VALUES (p_workspace, p_actor, 'change workspace', p_command_id, p_patch) ON CONFLICT (command_id) DO NOTHING;
  IF FOUND THEN
    UPDATE workspaces SET
      name = coalesce(p_patch ->> 'name', name),
      concurrency_limit = coalesce((p_patch ->> 'concurrencyLimit')::integer, concurrency_limit),
      calls_per_second = CASE WHEN p_patch ? 'callsPerSecond' THEN (p_patch ->> 'callsPerSecond')::integer
        ELSE calls_per_second END,
      frequency_cap = CASE WHEN p_patch ? 'frequencyCap' THEN (p_patch ->> 'frequencyCap')::integer
        ELSE frequency_cap END
      WHERE id = p_workspace;
    IF p_patch ? 'rulePacks' THEN
      PERFORM choose_rule_packs(p_workspace, CASE jsonb_typeof(p_patch -> 'rulePacks') WHEN 'array'
        THEN ARRAY(SELECT jsonb_array_elements_text(p_patch -> 'rulePacks')) END);
    END IF;
    PERFORM notify_lanes(p_workspace);
  END IF;
  batch_ids := ARRAY(SELECT id FROM batches WHERE p_patch ? 'rulePacks' AND workspace_id = p_workspace
    AND purpose IS NOT NULL AND status IN ('SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED'));
END $$;
