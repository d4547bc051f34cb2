-- Why the next call of a batch cannot start, when that may change by itself, and how many calls could start now.
-- Reasons: the batch's own status, BATCH_ENDED (also when its end comes before the next call may start),
-- WORKSPACE_STOPPED, NUMBER_DISABLED, CREDENTIALS_NEEDED, AGENT_DISABLED, NOT_SENT, STARTS_LATER, OUTSIDE_HOURS,
-- NUMBER_BACKOFF, BATCH_LIMIT, NUMBER_LIMIT, PACE, WORKSPACE_LIMIT, NOT_DUE, NEVER_OPEN, CALLS_IN_PROGRESS,
-- ROWS_OUTSTANDING, SETTLED; READY when could_start > 0. wants: how many it could start if the workspace had room for
-- all. zones: the open ones (open_zones), once all that is looked at before them allows a call. p_room: what
-- room_of_workspace gave; NULL: asked for here. p_confirm: that nobody is due is looked for among everybody. A claim
-- does not: it goes on from the batch's cursors (move_claim_cursors), and the run looks after it.
--
-- Read under W by the claim; elsewhere it is a picture of a moment. No sequential scans: while most rows wait, the
-- planner believes that one is found at once, and later reads every row that is done before it. No bitmap scans: they
-- meet the dead entries of every ended call again each time, where an index scan marks them and passes over them. No
-- sorts: while statistics say that everybody is settled, the planner believes that it sorts one row, and sorts all.
CREATE OR REPLACE FUNCTION batch_prospect(p_batch uuid, p_now timestamptz, p_dial_budget interval,
  p_room jsonb DEFAULT NULL, p_confirm boolean DEFAULT true,
  OUT reason text, OUT until_at timestamptz, OUT could_start integer, OUT wants integer, OUT zones jsonb)
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
  SET enable_incremental_sort = off SET enable_hashjoin = off SET enable_mergejoin = off
  SET enable_material = off AS $$
DECLARE
  b batches;
  rest text;
  n record;
  room record;
  held record;
  slots integer;
  pace record;
BEGIN
  could_start := 0;
  wants := 0;
  SELECT * INTO b FROM batches WHERE id = p_batch;
  IF b.status <> 'RUNNING' OR b.deleted_at IS NOT NULL THEN
    reason := CASE WHEN b.status = 'SCHEDULED' AND b.start_at > p_now THEN 'STARTS_LATER' ELSE b.status END;
    until_at := CASE WHEN reason = 'STARTS_LATER' THEN b.start_at END;
    RETURN;
  END IF;
  -- Before all that stops calls: a batch with nobody left to call is not held up by it.
  IF NOT EXISTS (SELECT FROM first_waiting(p_batch, p_now, true)) THEN
    rest := CASE WHEN NOT p_confirm AND is_in_a_call(b.workspace_id, p_batch) THEN 'IN_PROGRESS'
      ELSE unsettled_state(p_batch) END;
  ELSE
    rest := 'WAITING';
  END IF;
  IF rest IS DISTINCT FROM 'WAITING' THEN
    reason := CASE
      WHEN rest = 'IN_PROGRESS' THEN 'CALLS_IN_PROGRESS'
      WHEN b.chunk_work IS NOT NULL OR EXISTS (SELECT FROM imports WHERE batch_id = p_batch AND rows_outstanding)
        THEN 'ROWS_OUTSTANDING'
      ELSE 'SETTLED' END;
    RETURN;
  END IF;
  IF EXISTS (SELECT FROM workspaces WHERE id = b.workspace_id AND stopped_at IS NOT NULL) THEN
    reason := 'WORKSPACE_STOPPED';
    RETURN;
  END IF;
  SELECT p.*, p_dial_budget + make_interval(secs => a.ring_lead_ms / 1000.0) AS lead, a.unreadable_at INTO n
    FROM phone_numbers p JOIN provider_accounts a ON a.id = p.provider_account_id
    WHERE p.id = b.from_number_id AND p.outbound AND p.disabled_at IS NULL AND a.disabled_at IS NULL;
  IF NOT FOUND THEN reason := 'NUMBER_DISABLED'; RETURN; END IF;
  -- The last call of a batch rings before its end.
  IF b.end_at <= p_now + n.lead THEN
    reason := 'BATCH_ENDED';
    until_at := CASE WHEN b.end_at > p_now THEN b.end_at END;
    RETURN;
  END IF;
  IF n.unreadable_at IS NOT NULL THEN reason := 'CREDENTIALS_NEEDED'; RETURN; END IF;
  IF EXISTS (SELECT FROM agents WHERE id = b.agent_id AND disabled_at IS NOT NULL) THEN
    reason := 'AGENT_DISABLED';
    RETURN;
  END IF;
  -- The last calls that were claimed could not be sent. More than 16 s: the database's clock went back.
  IF b.unsent_until > p_now AND b.unsent_until <= p_now + interval '16 s' THEN
    reason := 'NOT_SENT';
    until_at := b.unsent_until;
    RETURN;
  END IF;

  SELECT jsonb_agg(z) INTO zones FROM open_zones(p_batch, p_now, n.lead, true) z;
  IF zones IS NULL THEN
    SELECT l.reason, l.until_at INTO reason, until_at
      FROM next_due(b, '{}', p_now, p_dial_budget, n.lead, p_confirm) l;
    RETURN;
  END IF;

  -- What the batch and its number allow. At most 40: the workflow keeps no more lanes than that.
  IF p_room IS NULL THEN
    SELECT * INTO room FROM room_of_workspace(b.workspace_id, p_now, p_dial_budget);
  ELSE
    SELECT * INTO room FROM jsonb_to_record(p_room)
      AS r (batch_slots integer, all_slots integer, starts integer, starts_until timestamptz, held jsonb);
  END IF;
  SELECT coalesce(sum(h.live) FILTER (WHERE h.batch = b.id), 0) AS of_batch,
      coalesce(sum(h.live) FILTER (WHERE h.number = n.id), 0) AS of_number,
      coalesce(sum(h.dialing) FILTER (WHERE h.number = n.id), 0) AS dialing
    INTO held FROM jsonb_to_recordset(room.held) AS h (batch uuid, number uuid, live integer, dialing integer);
  slots := 40;
  IF b.concurrency_limit IS NOT NULL THEN
    slots := least(slots, b.concurrency_limit - held.of_batch);
    reason := 'BATCH_LIMIT';
    IF slots <= 0 THEN RETURN; END IF;
  END IF;
  IF n.concurrency_limit IS NOT NULL THEN
    slots := least(slots, n.concurrency_limit - held.of_number);
    reason := 'NUMBER_LIMIT';
    IF slots <= 0 THEN RETURN; END IF;
  END IF;
  IF n.call_ceiling IS NOT NULL THEN
    -- The provider refused a call for capacity.
    SELECT least(slots, l.calls), l.until_at, CASE WHEN l.calls < slots THEN 'NUMBER_BACKOFF' ELSE reason END
      INTO slots, until_at, reason
      FROM phone_numbers p, LATERAL capacity_left(p, p_now, held.of_number::integer, held.dialing::integer) l
      WHERE p.id = n.id;
    IF slots <= 0 THEN RETURN; END IF;
  END IF;
  FOR pace IN SELECT l.*
    FROM (VALUES (n.calls_per_second, n.id, NULL), (b.calls_per_second, NULL, b.id)) AS r (rate, number_id, batch_id),
      LATERAL starts_left(r.rate, b.workspace_id, r.number_id, r.batch_id, p_now, p_dial_budget) l
    WHERE r.rate IS NOT NULL
  LOOP
    IF pace.starts = 0 THEN reason := 'PACE'; until_at := greatest(until_at, pace.until_at); END IF;
    slots := least(slots, pace.starts);
  END LOOP;
  IF slots = 0 THEN RETURN; END IF;

  -- From the cursors, and when nobody is due there, from everybody.
  wants := due_recipients(p_batch, p_now, zones, slots);
  IF wants = 0 AND p_confirm THEN
    SELECT jsonb_agg(z) INTO zones FROM open_zones(p_batch, p_now, n.lead, false) z;
    wants := due_recipients(p_batch, p_now, zones, slots);
  END IF;
  IF wants = 0 THEN
    SELECT l.reason, l.until_at INTO reason, until_at FROM next_due(b,
      ARRAY(SELECT z ->> 'zone_set' FROM jsonb_array_elements(zones) z), p_now, p_dial_budget, n.lead, p_confirm) l;
    RETURN;
  END IF;

  -- What the workspace has left.
  slots := CASE b.kind WHEN 'TEST' THEN room.all_slots ELSE room.batch_slots END;
  could_start := greatest(least(wants, slots, room.starts), 0);
  reason := CASE WHEN could_start > 0 THEN 'READY' WHEN slots <= 0 THEN 'WORKSPACE_LIMIT' ELSE 'PACE' END;
  IF reason = 'PACE' THEN until_at := room.starts_until; END IF;
END $$;
