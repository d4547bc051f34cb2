-- The provider would refuse every call, for payment or permission: the batch pauses and says why, once for each attempt
-- that told so. Somebody who resumed it since has settled that. The caller holds W when the attempt has just told it.
CREATE OR REPLACE FUNCTION pause_for_deferral(a attempts, p_deferral text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE command CONSTANT text := a.id || '/' || p_deferral;
BEGIN
  IF EXISTS (SELECT FROM commands WHERE command_id = command) THEN RETURN; END IF;
  PERFORM pause_batch(a.workspace_id, a.batch_id, pause_reason_of(p_deferral), command);
END $$;
