-- Changes an agent, under W: once it is disabled and this has answered, no dial with it follows, and the running
-- batches that use it are paused. p_patch has what is given: name, disabled. is_found is false when the workspace has
-- no such agent. Safe to repeat: one that is disabled already keeps its time.
CREATE OR REPLACE FUNCTION update_agent(p_workspace uuid, p_agent uuid, p_patch jsonb,
  OUT is_found boolean, OUT paused uuid[]) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM lock_workspace(p_workspace);
  UPDATE agents SET
    name = coalesce(p_patch ->> 'name', name),
    disabled_at = CASE (p_patch ->> 'disabled')::boolean WHEN true THEN coalesce(disabled_at, dialwright_now())
      WHEN false THEN NULL ELSE disabled_at END
    WHERE id = p_agent AND workspace_id = p_workspace;
  is_found := FOUND;
  paused := '{}';
  IF is_found AND (p_patch ->> 'disabled')::boolean THEN
    paused := pause_batches(p_workspace, ARRAY[p_agent], 'Its agent was disabled. Enable it, then resume.');
  END IF;
END $$;
