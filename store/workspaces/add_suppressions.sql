-- Numbers that must not be called; a waiting recipient with one is settled SUPPRESSED by the claim, at its turn. The
-- caller keeps a list to a length that holds the lock briefly. Safe to repeat: what is there keeps its reason and its
-- time.
CREATE OR REPLACE FUNCTION add_suppressions(p_workspace uuid, p_phones text[], p_keys text[],
  p_reasons text[],
  OUT added integer) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM lock_workspace(p_workspace);
  INSERT INTO suppressions (workspace_id, phone, phone_key, reason)
    SELECT p_workspace, given.phone, given.key, given.reason
    FROM unnest(p_phones, p_keys, p_reasons) AS given (phone, key, reason)
    ON CONFLICT (workspace_id, phone_key) DO NOTHING;
  GET DIAGNOSTICS added = ROW_COUNT;
  PERFORM notify_lanes(p_workspace);
END $$;
