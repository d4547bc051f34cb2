-- Why the next call of a batch cannot start, when that may change by itself, and how many calls could start now.
-- Reasons: the batch's own status, BATCH_ENDED (also when its end comes before the next call may start),
-- WORKSPACE_STOPPED, NUMBER_DISABLED, CREDENTIALS_NEEDED, AGENT_DISABLED, NOT_SENT, STARTS_LATER, OUTSIDE_HOURS,
-- NUMBER_BACKOFF, BATCH_LIMIT, NUMBER_LIMIT, PACE, WORKSPACE_LIMIT, NOT_DUE, NEVER_OPEN, CALLS_IN_PROGRESS,
-- ROWS_OUTSTANDING, SETTLED; READY when could_start > 0. wants: how many calls the batch could start if the workspace
-- had room for all of them. zones: the zone sets that are open now (open_zones); NULL when none is open, or when a
-- reason was found before they were looked at. p_room: what room_of_workspace gave; when it is NULL, this function asks
-- for it. p_confirm: before this function says that nobody is due, it looks among all recipients. A claim passes false:
-- it looks only from the batch's cursors on (move_claim_cursors). The run passes true when it decides what is next.
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
  lead interval;
  room record;
  slots integer;
BEGIN
  could_start := 0;
  wants := 0;
  SELECT * INTO b FROM batches WHERE id = p_batch;
  IF b.status <> 'RUNNING' OR b.deleted_at IS NOT NULL THEN
    reason := CASE WHEN b.status = 'SCHEDULED' AND b.start_at > p_now THEN 'STARTS_LATER' ELSE b.status END;
    until_at := CASE WHEN reason = 'STARTS_LATER' THEN b.start_at END;
    RETURN;
  END IF;

  <<look>>
  BEGIN
    SELECT s.reason, s.until_at, s.lead INTO reason, until_at, lead FROM batch_standing(b, p_now, p_dial_budget) s;
    EXIT look WHEN reason IS NOT NULL;
    SELECT jsonb_agg(z) INTO zones FROM open_zones(p_batch, p_now, lead, true) z;
    EXIT look WHEN zones IS NULL;

    IF p_room IS NULL THEN
      SELECT * INTO room FROM room_of_workspace(b.workspace_id, p_now, p_dial_budget);
    ELSE
      SELECT * INTO room FROM jsonb_to_record(p_room)
        AS r (batch_slots integer, all_slots integer, starts integer, starts_until timestamptz, held jsonb);
    END IF;
    SELECT l.slots, l.reason, l.until_at INTO slots, reason, until_at
      FROM limits_left(b, room.held, p_now, p_dial_budget) l;
    EXIT look WHEN slots <= 0;

    -- From the cursors, and when nobody is due there, from everybody.
    wants := due_recipients(p_batch, p_now, zones, slots);
    IF wants = 0 AND p_confirm THEN
      SELECT jsonb_agg(z) INTO zones FROM open_zones(p_batch, p_now, lead, false) z;
      wants := due_recipients(p_batch, p_now, zones, slots);
    END IF;
    EXIT look WHEN wants = 0;

    -- What the workspace has left.
    slots := CASE b.kind WHEN 'TEST' THEN room.all_slots ELSE room.batch_slots END;
    could_start := greatest(least(wants, slots, room.starts), 0);
    reason := CASE WHEN could_start > 0 THEN 'READY' WHEN slots <= 0 THEN 'WORKSPACE_LIMIT' ELSE 'PACE' END;
    until_at := CASE WHEN reason = 'PACE' THEN room.starts_until END;
    RETURN;
  END look;

  -- No call can start. Whatever stops calls does not hold up a batch in which nobody waits for one.
  SELECT coalesce(n.left, reason), CASE WHEN n.left IS NULL THEN until_at END INTO reason, until_at
    FROM (SELECT nobody_waits(b, p_now, p_confirm) AS left) n;
  IF reason IS NULL THEN
    SELECT l.reason, l.until_at INTO reason, until_at FROM next_due(b,
      ARRAY(SELECT z ->> 'zone_set' FROM jsonb_array_elements(zones) z), p_now, p_dial_budget, lead, p_confirm) l;
  END IF;
END $$;
