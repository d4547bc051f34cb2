-- Changes name, limits, rule packs and what is required of members of a workspace, under W: no call that starts after
-- the answer goes by the old ones. p_patch has what is given: name, concurrencyLimit, callsPerSecond, frequencyCap,
-- rulePacks, requiresSecondFactor; null takes a rate or a cap away, and stands for the rule packs that are on by
-- default. A command id that was seen already changes nothing, since the workspace may have been changed again.
-- batch_ids: the open batches whose hours have to be planned again; of a repetition too, as nobody may have woken them.
CREATE OR REPLACE FUNCTION update_workspace(p_workspace uuid, p_patch jsonb, p_actor jsonb, p_command_id text,
  OUT batch_ids uuid[]) LANGUAGE plpgsql AS $$
DECLARE
  w workspaces;
  n workspaces;
BEGIN
  PERFORM lock_workspace(p_workspace);
  IF NOT EXISTS (SELECT FROM commands WHERE command_id = p_command_id) THEN
    SELECT * INTO w FROM workspaces WHERE id = p_workspace FOR NO KEY UPDATE;
    UPDATE workspaces SET
      name = coalesce(p_patch ->> 'name', name),
      concurrency_limit = coalesce((p_patch ->> 'concurrencyLimit')::integer, concurrency_limit),
      calls_per_second = CASE WHEN p_patch ? 'callsPerSecond' THEN (p_patch ->> 'callsPerSecond')::integer
        ELSE calls_per_second END,
      frequency_cap = CASE WHEN p_patch ? 'frequencyCap' THEN (p_patch ->> 'frequencyCap')::integer
        ELSE frequency_cap END,
      requires_second_factor = coalesce((p_patch ->> 'requiresSecondFactor')::boolean, requires_second_factor)
      WHERE id = p_workspace;
    IF p_patch ? 'rulePacks' THEN
      PERFORM choose_rule_packs(p_workspace, CASE jsonb_typeof(p_patch -> 'rulePacks') WHEN 'array'
        THEN ARRAY(SELECT jsonb_array_elements_text(p_patch -> 'rulePacks')) END);
    END IF;
    SELECT * INTO n FROM workspaces WHERE id = p_workspace;
    PERFORM record_audit(p_workspace, p_actor, 'change workspace', changed_fields(to_jsonb(w), to_jsonb(n))
      || jsonb_build_object('commandId', p_command_id, 'detail', p_patch,
        'target', jsonb_build_object('kind', 'workspace', 'id', p_workspace)));
    PERFORM notify_lanes(p_workspace);
  END IF;
  batch_ids := ARRAY(SELECT id FROM batches WHERE p_patch ? 'rulePacks' AND workspace_id = p_workspace
    AND purpose IS NOT NULL AND status IN ('SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED'));
END $$;
