-- A batch's row as an action leaves it: p_patch as change_batch has it. What may not be done was refused before
-- (change_problem).
CREATE OR REPLACE FUNCTION changed_batch(b batches, p_action text, p_patch jsonb, p_now timestamptz) RETURNS batches
LANGUAGE plpgsql STABLE AS $$
DECLARE
  n batches := with_settings(b, p_patch);
BEGIN
  n.version := b.version + 1;
  n.unanswered_since := NULL;
  IF changes_hours(p_patch) THEN n.hours_version := b.hours_version + 1; END IF;
  IF changes_hours(p_patch) OR p_patch ? 'startAt' THEN n.openings_until := NULL; END IF;
  -- Whose clock counts is another in a draft: the zones of those who are there follow (write_zone_sets).
  IF (n.hours_in, n.unknown_zone, n.purpose) IS DISTINCT FROM (b.hours_in, b.unknown_zone, b.purpose)
    AND EXISTS (SELECT FROM recipient_states WHERE batch_id = b.id) THEN
    n.zones_through := 0;
  END IF;
  IF p_patch ? 'runHandled' THEN n.run_handled := p_patch ->> 'runHandled'; END IF;

  CASE p_action
    WHEN 'submit' THEN
      n.status := 'SCHEDULED';
      n.submitted_at := p_now;
      n.start_at := coalesce(n.start_at, p_now);
    WHEN 'start' THEN
      n.status := 'RUNNING';
      n.started_at := coalesce(b.started_at, p_now);
      n.breakers_since := p_now;
    WHEN 'pause' THEN
      n.status := 'PAUSED';
    WHEN 'resume' THEN
      n.status := CASE WHEN b.started_at IS NULL AND b.start_at > p_now THEN 'SCHEDULED' ELSE 'RUNNING' END;
      n.breakers_since := p_now;
    WHEN 'cancel' THEN
      n.status := 'CANCELLED';
    WHEN 'retry' THEN
      n.status := 'PENDING';
      n.generation := b.generation + 1;
      n.chunk_work := CASE WHEN p_patch ? 'byJob' THEN 'RETRY_JOB'
        WHEN b.status IN ('CANCELLED', 'FAILED') THEN 'RETRY_CANCELLED' ELSE 'RETRY' END;
    WHEN 'finish' THEN
      n.status := 'COMPLETED';
    WHEN 'fail' THEN
      n.status := 'FAILED';
    WHEN 'delete' THEN
      n.deleted_at := p_now;
      IF b.status IN ('SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED') THEN n.status := 'CANCELLED'; END IF;
    -- One that was open was cancelled when it was deleted, and stays so: nobody is called because of a restore.
    WHEN 'restore' THEN n.deleted_at := NULL;
    WHEN 'rename', 'edit' THEN NULL;
  END CASE;

  IF n.status <> b.status THEN
    n.status_reason := p_patch ->> 'statusReason';
    IF n.status IN ('CANCELLED', 'FAILED') THEN
      n.chunk_work := CASE WHEN (p_patch ->> 'hangUp')::boolean THEN 'CANCEL_AND_HANG_UP' ELSE 'CANCEL' END;
    END IF;
  END IF;
  n.finished_at := CASE WHEN n.status IN ('COMPLETED', 'CANCELLED', 'FAILED') THEN coalesce(b.finished_at, p_now) END;
  -- The sweeper sees to it when the wake that follows is lost.
  IF n.status IN ('SCHEDULED', 'PENDING', 'RUNNING') THEN n.sweep_at := p_now + interval '1 s'; END IF;
  RETURN n;
END $$;
