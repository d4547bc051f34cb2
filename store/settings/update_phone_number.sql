-- Changes a number, under W: no call that starts after the answer goes by what was before. One that is disabled, or may
-- no longer call out, pauses the running batches that use it. p_patch has what is given: label, outbound,
-- outboundAgentId, concurrencyLimit, callsPerSecond, disabled; null takes a label, an agent or a limit away. is_found
-- is false when the workspace has no such number. Safe to repeat.
CREATE OR REPLACE FUNCTION update_phone_number(p_workspace uuid, p_number uuid, p_patch jsonb, p_actor jsonb,
  OUT is_found boolean, OUT paused uuid[]) LANGUAGE plpgsql AS $$
DECLARE
  before phone_numbers;
  n phone_numbers;
BEGIN
  PERFORM lock_workspace(p_workspace);
  SELECT * INTO before FROM phone_numbers WHERE id = p_number AND workspace_id = p_workspace FOR NO KEY UPDATE;
  UPDATE phone_numbers SET
    label = CASE WHEN p_patch ? 'label' THEN p_patch ->> 'label' ELSE label END,
    outbound = coalesce((p_patch ->> 'outbound')::boolean, outbound),
    outbound_agent_id = CASE WHEN p_patch ? 'outboundAgentId' THEN (p_patch ->> 'outboundAgentId')::uuid
      ELSE outbound_agent_id END,
    concurrency_limit = CASE WHEN p_patch ? 'concurrencyLimit' THEN (p_patch ->> 'concurrencyLimit')::integer
      ELSE concurrency_limit END,
    calls_per_second = CASE WHEN p_patch ? 'callsPerSecond' THEN (p_patch ->> 'callsPerSecond')::integer
      ELSE calls_per_second END,
    disabled_at = CASE (p_patch ->> 'disabled')::boolean WHEN true THEN coalesce(disabled_at, dialwright_now())
      WHEN false THEN NULL ELSE disabled_at END
    WHERE id = p_number AND workspace_id = p_workspace RETURNING * INTO n;
  is_found := FOUND;
  paused := '{}';
  IF NOT is_found THEN RETURN; END IF;
  PERFORM record_change(p_workspace, p_actor, 'change number', 'phoneNumber', to_jsonb(before), to_jsonb(n));
  IF (p_patch ->> 'disabled')::boolean OR NOT (p_patch ->> 'outbound')::boolean THEN
    paused := pause_batches(p_workspace, ARRAY[p_number], 'Its from-number was disabled. Enable it, then resume.');
  END IF;
  PERFORM notify_lanes(p_workspace);
END $$;
