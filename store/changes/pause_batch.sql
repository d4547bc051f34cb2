-- Pauses a running batch by itself: p_reason is shown as it stands. p_command_id: it is done once for each. Returns
-- whether it was paused by this.
CREATE OR REPLACE FUNCTION pause_batch(p_workspace uuid, p_batch uuid, p_reason text, p_command_id text DEFAULT NULL)
RETURNS boolean LANGUAGE sql AS $$
  SELECT c.result = 'CHANGED' FROM change_batch(p_workspace, p_batch, jsonb_build_object('action', 'pause',
    'from', ARRAY['RUNNING'], 'actor', 'dialwright', 'commandId', p_command_id,
    'patch', jsonb_build_object('statusReason', p_reason))) c
$$;
