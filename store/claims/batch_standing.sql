-- What keeps a running batch from calling anybody at all, whatever the hour and the limits: the workspace, its number,
-- account or agent. reason is NULL when nothing does. lead: how long before the end of an opening its last call starts.
CREATE OR REPLACE FUNCTION batch_standing(b batches, p_now timestamptz, p_dial_budget interval,
  OUT reason text, OUT until_at timestamptz, OUT lead interval) LANGUAGE plpgsql STABLE AS $$
DECLARE
  n record;
BEGIN
  IF EXISTS (SELECT FROM workspaces WHERE id = b.workspace_id AND stopped_at IS NOT NULL) THEN
    reason := 'WORKSPACE_STOPPED';
    RETURN;
  END IF;
  SELECT p_dial_budget + make_interval(secs => a.ring_lead_ms / 1000.0) AS lead, a.unreadable_at INTO n
    FROM phone_numbers p JOIN provider_accounts a ON a.id = p.provider_account_id
    WHERE p.id = b.from_number_id AND p.outbound AND p.disabled_at IS NULL AND a.disabled_at IS NULL;
  IF NOT FOUND THEN reason := 'NUMBER_DISABLED'; RETURN; END IF;
  lead := n.lead;
  -- The last call of a batch rings before its end.
  IF b.end_at <= p_now + lead THEN
    reason := 'BATCH_ENDED';
    until_at := CASE WHEN b.end_at > p_now THEN b.end_at END;
  ELSIF n.unreadable_at IS NOT NULL THEN
    reason := 'CREDENTIALS_NEEDED';
  ELSIF EXISTS (SELECT FROM agents WHERE id = b.agent_id AND disabled_at IS NOT NULL) THEN
    reason := 'AGENT_DISABLED';
  -- The last calls that were claimed could not be sent. More than 16 s: the database's clock went back.
  ELSIF b.unsent_until > p_now AND b.unsent_until <= p_now + interval '16 s' THEN
    reason := 'NOT_SENT';
    until_at := b.unsent_until;
  END IF;
END $$;
