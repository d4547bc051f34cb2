-- Why a batch is not changed; NULL when it may be. p_change: see change_batch. p_nobody_to_retry: what a retry found
-- before W. NOT_ALLOWED in this status; VERSION_CONFLICT: the patch has an expectedVersion and the batch another;
-- HAS_RECIPIENTS: whose clock counts is locked, after DRAFT by recipients, and always by the rows of an upload, which
-- were checked by it; what a submit lacks (submit_problem); NUMBER_UNUSABLE; AGENT_UNUSABLE; END_PASSED;
-- NOTHING_TO_RETRY; TOO_EARLY; UNSETTLED; NOT_DELETED; RESTORE_TOO_LATE; HOURS_CHANGED. The caller holds W and the
-- batch's row, and has the settings.
CREATE OR REPLACE FUNCTION change_problem(b batches, p_change jsonb, p_now timestamptz, p_nobody_to_retry boolean)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  action text := p_change ->> 'action';
  patch jsonb := coalesce(p_change -> 'patch', '{}');
  n batches := with_settings(b, patch);
  calls_begin boolean := action IN ('submit', 'retry');
BEGIN
  -- A test call is one call, as it was asked for: whatever calls again takes the pace of test calls.
  IF NOT p_change -> 'from' ? b.status OR b.kind = 'TEST' AND action IN ('submit', 'retry', 'rename', 'edit') THEN
    RETURN 'NOT_ALLOWED';
  END IF;
  IF (patch ->> 'expectedVersion')::integer <> b.version THEN RETURN 'VERSION_CONFLICT'; END IF;
  -- The zones of its recipients were decided by what this would change. Uploads first: their rows become recipients.
  IF (n.hours_in, n.unknown_zone, n.purpose) IS DISTINCT FROM (b.hours_in, b.unknown_zone, b.purpose)
    AND (EXISTS (SELECT FROM imports WHERE batch_id = b.id AND (status IN ('RECEIVING', 'REVIEW') OR rows_outstanding))
      OR b.status <> 'DRAFT' AND EXISTS (SELECT FROM recipient_states WHERE batch_id = b.id)) THEN
    RETURN 'HAS_RECIPIENTS';
  END IF;
  IF action = 'submit' AND submit_problem(b, patch) IS NOT NULL THEN RETURN submit_problem(b, patch); END IF;
  IF calls_begin AND NOT EXISTS (SELECT FROM phone_numbers p JOIN provider_accounts a ON a.id = p.provider_account_id
    WHERE p.id = b.from_number_id AND p.outbound AND p.disabled_at IS NULL AND a.disabled_at IS NULL) THEN
    RETURN 'NUMBER_UNUSABLE';
  END IF;
  IF calls_begin AND EXISTS (SELECT FROM agents WHERE id = b.agent_id AND disabled_at IS NOT NULL) THEN
    RETURN 'AGENT_UNUSABLE';
  END IF;
  IF calls_begin AND n.end_at <= p_now THEN RETURN 'END_PASSED'; END IF;
  IF p_nobody_to_retry THEN RETURN 'NOTHING_TO_RETRY'; END IF;
  IF action = 'start' AND b.status = 'SCHEDULED' AND b.start_at > p_now THEN RETURN 'TOO_EARLY'; END IF;
  IF action = 'finish' AND (unsettled_state(b.id) IS NOT NULL OR has_rows_outstanding(b)) THEN
    RETURN 'UNSETTLED';
  END IF;
  IF action = 'restore' AND b.deleted_at IS NULL THEN RETURN 'NOT_DELETED'; END IF;
  IF action = 'restore' AND b.deleted_at <= p_now - (patch ->> 'restorableFor')::interval THEN
    RETURN 'RESTORE_TOO_LATE';
  END IF;
  IF (p_change #>> '{openings,hoursVersion}')::integer <> b.hours_version
    OR (p_change #>> '{openings,rulePacksVersion}')::integer
      <> (SELECT rule_packs_version FROM workspaces WHERE id = b.workspace_id) THEN
    RETURN 'HOURS_CHANGED';
  END IF;
  RETURN NULL;
END $$;
