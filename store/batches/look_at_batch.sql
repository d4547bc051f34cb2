-- START and LOOK in one: what the run asks when it does not know what to do next. Acknowledges the API's wake first, so
-- that a change made from here on sends another. A batch that is not of this generation is over for the run that asks.
CREATE OR REPLACE FUNCTION look_at_batch(p_batch uuid, p_dial_budget interval,
  OUT status text, OUT status_reason text, OUT generation integer, OUT lane_epoch integer, OUT workspace_id uuid,
    OUT reason text,
  OUT until_ms bigint, OUT could_start integer) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  b batches;
  t timestamptz;
  until_at timestamptz;
BEGIN
  SELECT * INTO b FROM batches WHERE id = p_batch;
  IF NOT FOUND THEN status := 'DELETED'; RETURN; END IF;
  -- W before the batch's row, as everywhere: the start below takes both.
  PERFORM lock_workspace(b.workspace_id);
  UPDATE batches SET wake_sent_version = NULL, wake_sent_at = NULL, unanswered_since = NULL
    WHERE id = p_batch AND wake_sent_version IS NOT NULL;
  IF b.status IN ('SCHEDULED', 'PENDING') THEN
    PERFORM change_batch(b.workspace_id, p_batch, jsonb_build_object('action', 'start',
      'from', ARRAY['SCHEDULED', 'PENDING'], 'actor', 'dialwright'));
  END IF;
  t := dialwright_now();
  SELECT * INTO b FROM batches WHERE id = p_batch;
  SELECT p.reason, p.until_at, p.could_start INTO reason, until_at, could_start
    FROM batch_prospect(p_batch, t, p_dial_budget) p;
  -- Somebody is due whom the claims do not see: they begin from everybody again.
  IF could_start > 0 AND (batch_prospect(p_batch, t, p_dial_budget, p_confirm => false)).could_start = 0 THEN
    DELETE FROM claim_cursors WHERE batch_id = p_batch;
  END IF;
  status := CASE WHEN b.deleted_at IS NOT NULL THEN 'DELETED' ELSE b.status END;
  status_reason := b.status_reason;
  generation := b.generation;
  lane_epoch := b.lane_epoch;
  workspace_id := b.workspace_id;
  -- Lanes are started for what it says: no more than it can use, and the sweeper looks whether they came.
  could_start := least(could_start, lanes_of_use(p_batch, t));
  UPDATE batches SET sweep_at = t + interval '2 s' WHERE id = p_batch AND status IN ('SCHEDULED', 'PENDING', 'RUNNING')
    AND (sweep_at IS NULL OR sweep_at > t + interval '2 s');
  until_ms := ceil(extract(epoch FROM until_at - t) * 1000)::bigint;
END $$;
