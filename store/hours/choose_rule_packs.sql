-- The rule packs of a workspace have changed: batches with a purpose lose their openings in the same commit, and get
-- new ones when their runs look again, or from the sweeper. Until then nobody is called by rules that no longer hold.
-- Batches that are over too: a retry brings them back. Returns the open batches, to be woken.
CREATE OR REPLACE FUNCTION choose_rule_packs(p_workspace uuid, p_rule_packs text[]) RETURNS TABLE (batch_id uuid)
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM lock_workspace(p_workspace);
  UPDATE workspaces SET rule_packs = p_rule_packs, rule_packs_version = rule_packs_version + 1 WHERE id = p_workspace;
  PERFORM FROM batches WHERE workspace_id = p_workspace AND purpose IS NOT NULL ORDER BY id FOR NO KEY UPDATE;
  RETURN QUERY WITH closed AS (
    UPDATE batches SET hours_version = hours_version + 1, openings_until = NULL
      WHERE workspace_id = p_workspace AND purpose IS NOT NULL RETURNING id, status)
    SELECT id FROM closed WHERE status IN ('SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED');
  PERFORM notify_lanes(p_workspace);
END $$;
