-- Recipients that were settled SUPPRESSED stay so.
CREATE OR REPLACE FUNCTION remove_suppressions(p_workspace uuid, p_keys text[],
  OUT removed integer) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM lock_workspace(p_workspace);
  DELETE FROM suppressions WHERE workspace_id = p_workspace AND phone_key = ANY (p_keys);
  GET DIAGNOSTICS removed = ROW_COUNT;
END $$;
