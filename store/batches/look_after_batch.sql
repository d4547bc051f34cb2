-- What the sweeper does about one batch, and when it looks at it next. Neglected: a wake that no run has answered, a
-- start that is past, work and no lane that would do it, nothing left to do but no finish, nobody left who may be
-- called; and, once in p_run_check, an open batch whose run should be there: a tenth as often while it waits for a time
-- that is far away. lanes_lost: lanes that its run believes alive are dead. wake_wanted: its run has something to look
-- at; else only its being there is to be checked.
--
-- A run that answers no wake is woken again after p_wake_lost, and then later and later, each pause twice as long as
-- the one before, 6 times p_wake_lost at most: Temporal, or the worker, has too much to do, and a wake is more of it.
-- Looks again when something could have been missed: at the start, at the time that the batch waits for, or soon when
-- an event decides and no lane waits for it. Passes over a batch that another transaction holds: it is due again. Takes
-- no W; what it sees is a picture of a moment, and a wake too many does no harm.
CREATE OR REPLACE FUNCTION look_after_batch(p_batch uuid, p_wake_lost interval, p_lane_lost interval,
  p_run_check interval, p_dial_budget interval,
  OUT is_neglected boolean, OUT workspace_id uuid, OUT status text, OUT version integer, OUT run_handled text,
  OUT lanes_lost boolean, OUT wake_wanted boolean) LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off AS $$
#variable_conflict use_column
DECLARE
  b batches;
  t timestamptz;
  prospect record;
  wake_pause interval;
  run_check interval := p_run_check;
  has_lanes boolean;
  checked_at timestamptz;
  next_at timestamptz;
BEGIN
  is_neglected := false;
  SELECT * INTO b FROM batches WHERE id = p_batch FOR NO KEY UPDATE SKIP LOCKED;
  IF NOT FOUND THEN RETURN; END IF;
  t := dialwright_now();
  wake_pause := least(greatest(p_wake_lost, b.wake_sent_at - b.unanswered_since), 6 * p_wake_lost);
  IF b.wake_sent_at >= t - wake_pause THEN
    UPDATE batches SET sweep_at = b.wake_sent_at + wake_pause WHERE id = b.id;
    RETURN;
  END IF;

  lanes_lost := false;
  IF b.status = 'RUNNING' THEN
    -- That nobody is due is confirmed once in p_run_check: the look at everybody may be long.
    SELECT * INTO prospect FROM batch_prospect(b.id, t, p_dial_budget,
      p_confirm => coalesce(b.run_checked_at, b.submitted_at, '-infinity') < t - p_run_check);
    has_lanes := EXISTS (SELECT FROM lane_demand d WHERE d.batch_id = b.id AND is_lane_seen(d, t - p_lane_lost));
    lanes_lost := NOT has_lanes AND prospect.reason IN ('READY', 'SETTLED', 'NEVER_OPEN');
    -- An event, or a person, decides what has no time.
    IF NOT has_lanes THEN
      next_at := greatest(coalesce(prospect.until_at, t + interval '1 s'), t) + interval '1 s';
    END IF;
  ELSIF b.status = 'SCHEDULED' THEN
    next_at := b.start_at + interval '1 s';
  END IF;
  -- Its run has nothing to do for a long time, and is looked for when there is.
  IF next_at > t + 10 * p_run_check THEN run_check := 10 * p_run_check; END IF;
  wake_wanted := lanes_lost OR b.wake_sent_at IS NOT NULL OR b.status = 'PENDING'
    OR b.status = 'SCHEDULED' AND next_at < t;
  checked_at := coalesce(b.run_checked_at, b.submitted_at);
  is_neglected := b.status <> 'DRAFT' AND (wake_wanted
    OR b.status IN ('SCHEDULED', 'RUNNING') AND coalesce(checked_at < t - run_check, false));
  IF is_neglected THEN checked_at := t; END IF;
  next_at := CASE WHEN wake_wanted THEN t + p_wake_lost
    WHEN b.status IN ('SCHEDULED', 'RUNNING') THEN least(next_at, coalesce(checked_at, t) + run_check) END;
  UPDATE batches SET sweep_at = next_at, run_checked_at = CASE WHEN is_neglected THEN t ELSE b.run_checked_at END,
    wake_sent_version = CASE WHEN wake_wanted THEN b.version ELSE b.wake_sent_version END,
    wake_sent_at = CASE WHEN wake_wanted THEN t ELSE b.wake_sent_at END,
    unanswered_since = CASE WHEN lanes_lost THEN coalesce(b.unanswered_since, t) ELSE b.unanswered_since END
    WHERE id = b.id;
  workspace_id := b.workspace_id;
  status := b.status;
  version := b.version;
  run_handled := b.run_handled;
END $$;
