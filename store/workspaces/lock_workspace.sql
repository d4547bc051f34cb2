-- The workspace lock. Everything that forbids or allows a dial happens under it, the claim included, so that no dial
-- can follow the answer to a pause. READ COMMITTED lets the statements after it see what changed while it waited.
CREATE OR REPLACE FUNCTION lock_workspace(p_workspace uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(1, lock_key) FROM workspaces WHERE id = p_workspace;
END $$;
