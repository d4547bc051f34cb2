-- Marks an account whose stored credentials cannot be opened, so that no call starts through it until all were entered
-- again, and pauses its running batches with the reason. Under W: no dial can follow. The caller has tried to open them
-- without the lock: READ_AGAIN, and nothing is changed, when the account or the installation's key is another by now
-- (p_read, see is_account_as_read). Safe to repeat. result: SET_ASIDE, KNOWN (it was marked before) or READ_AGAIN.
CREATE OR REPLACE FUNCTION set_aside_account(p_workspace uuid, p_account uuid, p_read jsonb, p_reason text,
  OUT result text, OUT paused uuid[]) LANGUAGE plpgsql AS $$
DECLARE account provider_accounts;
BEGIN
  paused := '{}';
  PERFORM lock_workspace(p_workspace);
  SELECT * INTO account FROM provider_accounts WHERE id = p_account AND workspace_id = p_workspace FOR NO KEY UPDATE;
  IF NOT FOUND OR NOT is_account_as_read(account, p_read) THEN result := 'READ_AGAIN'; RETURN; END IF;
  UPDATE provider_accounts SET unreadable_at = dialwright_now() WHERE id = p_account AND unreadable_at IS NULL;
  result := CASE WHEN FOUND THEN 'SET_ASIDE' ELSE 'KNOWN' END;
  paused := pause_batches_of_account(p_workspace, p_account, p_reason);
END $$;
