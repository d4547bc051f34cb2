-- Changes an agent, under W: once it is disabled and this has answered, no dial with it follows, and the running
-- batches that use it are paused. p_patch has what is given: name, disabled. is_found is false when the workspace has
-- no such agent. Safe to repeat: one that is disabled already keeps its time.
CREATE OR REPLACE FUNCTION update_agent(p_workspace uuid, p_agent uuid, p_patch jsonb, p_actor jsonb,
  OUT is_found boolean, OUT paused uuid[]) LANGUAGE plpgsql AS $$
DECLARE
  a agents;
  n agents;
BEGIN
  PERFORM lock_workspace(p_workspace);
  SELECT * INTO a FROM agents WHERE id = p_agent AND workspace_id = p_workspace FOR NO KEY UPDATE;
  UPDATE agents SET
    name = coalesce(p_patch ->> 'name', name),
    disabled_at = CASE (p_patch ->> 'disabled')::boolean WHEN true THEN coalesce(disabled_at, dialwright_now())
      WHEN false THEN NULL ELSE disabled_at END
    WHERE id = p_agent AND workspace_id = p_workspace RETURNING * INTO n;
  is_found := FOUND;
  paused := '{}';
  IF NOT is_found THEN RETURN; END IF;
  PERFORM record_change(p_workspace, p_actor, 'change agent', 'agent', to_jsonb(a), to_jsonb(n));
  IF (p_patch ->> 'disabled')::boolean THEN
    paused := pause_batches(p_workspace, ARRAY[p_agent], 'Its agent was disabled. Enable it, then resume.');
  END IF;
END $$;
