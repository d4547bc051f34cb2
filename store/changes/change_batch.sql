-- CHANGE. The only way by which a batch's status changes.
--
-- Under W, so that no dial can follow the answer to a change that forbids it. p_change: {action, from (the statuses
-- from which it is allowed: domain/batches/status.ts), actor, commandId, patch, openings}. patch: settings by their
-- names (with_settings), and what is said with the change: statusReason, hangUp, discardImports (whose rows the caller
-- deletes), breaker (it is recorded as its opening), runHandled, restorableFor (of a deleted batch), byJob (a job says
-- who is retried, and has looked whether there is anybody: begin_job), expectedVersion, readVersion. A deleted batch
-- is found by its restore only.
--
-- result: CHANGED; REPEATED, the command id was seen already, and nothing is changed; NOT_FOUND; READ_AGAIN, the patch
-- was made from a readVersion, and the batch has another: made again by the one who asks, so it is not recorded; or
-- why it is not changed (change_problem), which is recorded. Then status is what was found.
--
-- openings are planned outside the lock, for the hours and the rule packs that were read then (hoursVersion,
-- rulePacksVersion). When the batch has others by now, result is HOURS_CHANGED, nothing is changed and nothing
-- recorded: plan again. A change of hours without openings closes the batch until the sweeper has written them.
CREATE OR REPLACE FUNCTION change_batch(p_workspace uuid, p_batch uuid, p_change jsonb,
  OUT result text, OUT status text, OUT version integer)
LANGUAGE plpgsql SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  action text := p_change ->> 'action';
  patch jsonb := coalesce(p_change -> 'patch', '{}');
  nobody_to_retry boolean := false;
  t timestamptz;
  b batches;
  n batches;
BEGIN
  -- Before W: where most are answered, it reads all of them. Nobody of a batch that is over is called meanwhile.
  IF action = 'retry' AND NOT patch ? 'byJob' THEN
    nobody_to_retry := NOT EXISTS (SELECT FROM batches o JOIN recipient_states r ON r.batch_id = o.id
      WHERE o.id = p_batch AND o.workspace_id = p_workspace
        AND may_be_retried(r, o.status IN ('CANCELLED', 'FAILED')));
  END IF;
  PERFORM lock_workspace(p_workspace);
  t := dialwright_now();
  SELECT * INTO b FROM batches WHERE id = p_batch AND workspace_id = p_workspace
    AND (deleted_at IS NULL OR action = 'restore') FOR NO KEY UPDATE;
  status := b.status;
  version := b.version;
  IF b.id IS NULL THEN result := 'NOT_FOUND'; RETURN; END IF;
  IF EXISTS (SELECT FROM commands WHERE command_id = p_change ->> 'commandId') THEN
    result := 'REPEATED';
    RETURN;
  END IF;
  IF (patch ->> 'readVersion')::integer <> b.version THEN result := 'READ_AGAIN'; RETURN; END IF;
  patch := patch - 'readVersion';

  result := coalesce(change_problem(b, p_change, t, nobody_to_retry), 'CHANGED');
  IF result = 'HOURS_CHANGED' THEN RETURN; END IF;
  IF result = 'CHANGED' THEN
    n := changed_batch(b, action, patch, t);
    IF n.status <> b.status THEN
      n.status_changed_at := t;
      n.status_changed_by := shown_actor(p_change -> 'actor');
    END IF;
    PERFORM write_batch(n, b.status);
    UPDATE imports i SET status = 'DISCARDED' WHERE i.batch_id = b.id AND i.status IN ('RECEIVING', 'REVIEW')
      AND patch -> 'discardImports' ? i.id::text;
    IF n.finished_at IS NOT NULL THEN DELETE FROM claim_cursors WHERE batch_id = b.id; END IF;
    IF p_change ? 'openings' THEN PERFORM write_openings(b.id, n.hours_version, p_change -> 'openings'); END IF;
    status := n.status;
    version := n.version;
    PERFORM notify_lanes(p_workspace);
  END IF;
  IF action NOT IN ('start', 'finish') OR result = 'CHANGED' THEN
    PERFORM record_audit(p_workspace, p_change -> 'actor', CASE WHEN patch ? 'breaker'
      THEN 'circuit breaker opened' ELSE action END, jsonb_build_object('commandId', p_change -> 'commandId',
      'batchId', b.id, 'applied', result = 'CHANGED', 'answer', jsonb_build_object('result', result),
      'target', jsonb_build_object('kind', 'batch', 'id', b.id),
      'detail', jsonb_build_object('from', b.status, 'to', status, 'version', version, 'result', result)
        || coalesce(patch -> 'breaker', jsonb_build_object('patch', patch)))
      || CASE WHEN result = 'CHANGED' THEN changed_fields(to_jsonb(b), to_jsonb(n)) ELSE '{}' END);
  END IF;
END $$;
