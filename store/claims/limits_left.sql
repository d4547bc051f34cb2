-- slots: how many calls a batch may start now by its own limits and those of its number, at most lanes_max(). The
-- limits of the workspace are not looked at. When slots is 0 or less, reason says why, and until_at says until when at
-- most. p_held: held of room_of_workspace. The caller has the planner settings (SET).
CREATE OR REPLACE FUNCTION limits_left(b batches, p_held jsonb, p_now timestamptz, p_dial_budget interval,
  OUT slots integer, OUT reason text, OUT until_at timestamptz) LANGUAGE plpgsql STABLE AS $$
DECLARE
  n phone_numbers;
  held record;
  back_off record;
  pace record;
BEGIN
  SELECT * INTO n FROM phone_numbers WHERE id = b.from_number_id;
  SELECT coalesce(sum(h.live) FILTER (WHERE h.batch = b.id), 0) AS of_batch,
      coalesce(sum(h.live) FILTER (WHERE h.number = n.id), 0)::integer AS of_number,
      coalesce(sum(h.dialing) FILTER (WHERE h.number = n.id), 0)::integer AS dialing
    INTO held
    FROM jsonb_to_recordset(p_held) AS h (batch uuid, number uuid, live integer, dialing integer);
  slots := lanes_max();
  IF b.concurrency_limit IS NOT NULL THEN
    slots := least(slots, b.concurrency_limit - held.of_batch);
    IF slots <= 0 THEN reason := 'BATCH_LIMIT'; RETURN; END IF;
  END IF;
  IF n.concurrency_limit IS NOT NULL THEN
    slots := least(slots, n.concurrency_limit - held.of_number);
    IF slots <= 0 THEN reason := 'NUMBER_LIMIT'; RETURN; END IF;
  END IF;
  -- The provider refused a call for capacity.
  IF n.call_ceiling IS NOT NULL THEN
    SELECT * INTO back_off FROM capacity_left(n, p_now, held.of_number, held.dialing);
    slots := least(slots, back_off.calls);
    IF slots <= 0 THEN reason := 'NUMBER_BACKOFF'; until_at := back_off.until_at; RETURN; END IF;
  END IF;
  FOR pace IN SELECT l.*
    FROM (VALUES (n.calls_per_second, n.id, NULL), (b.calls_per_second, NULL, b.id)) AS r (rate, number_id, batch_id),
      LATERAL starts_left(r.rate, b.workspace_id, r.number_id, r.batch_id, p_now, p_dial_budget) l
    WHERE r.rate IS NOT NULL
  LOOP
    IF pace.starts = 0 THEN reason := 'PACE'; until_at := greatest(until_at, pace.until_at); END IF;
    slots := least(slots, pace.starts);
  END LOOP;
END $$;
