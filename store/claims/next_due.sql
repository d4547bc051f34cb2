-- Called when none of the batch's waiting recipients may be called now. until_at: when the next one may be called. The
-- function looks at the first waiting recipient of each zone set only, and finds the first time at which that recipient
-- is due and the zone set is open. The earliest of these times is until_at. When the written openings end before a
-- recipient is due, its due time counts. p_lead: how long before the end of an opening its last call starts. reason:
-- NOT_DUE when a recipient in an open zone set waits for a time, else OUTSIDE_HOURS. NOT_DUE without until_at when an
-- event decides. BATCH_ENDED when the batch ends by then. NEVER_OPEN when no call may ever start to any recipient that
-- is left, nobody is in a call and no rows are outstanding; settle_uncallable then settles them.
CREATE OR REPLACE FUNCTION next_due(b batches, p_open_zones text[], p_now timestamptz, p_dial_budget interval,
  p_lead interval, p_confirm boolean, OUT reason text, OUT until_at timestamptz)
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
  SET enable_incremental_sort = off SET enable_hashjoin = off SET enable_mergejoin = off
  SET enable_material = off AS $$
DECLARE
  never text[] := never_open_zones(b.id, p_now, p_dial_budget);
  any_open boolean;
  any_closed boolean;
  any_never boolean;
BEGIN
  SELECT min(coalesce(opening.starts_at, CASE WHEN first.due_at > p_now AND b.openings_until > p_now
        THEN first.due_at END)) FILTER (WHERE z.zone_set <> ALL (never) AND first.due_at < 'infinity'),
      coalesce(bool_or(z.zone_set = ANY (p_open_zones)), false),
      coalesce(bool_or(z.zone_set <> ALL (p_open_zones) AND z.zone_set <> ALL (never)), false),
      coalesce(bool_or(z.zone_set = ANY (never) AND first.due_at < 'infinity'), false)
    INTO until_at, any_open, any_closed, any_never
    FROM first_waiting(b.id, p_now, NOT p_confirm) first
    CROSS JOIN LATERAL (SELECT first.zone_set) z
    -- Openings follow each other: from the last one that will have begun, so that none of the past is read.
    LEFT JOIN LATERAL (SELECT o.opens_at FROM openings o
      WHERE o.batch_id = b.id AND o.hours_version = b.hours_version AND o.zone_set = z.zone_set
        AND o.opens_at <= greatest(first.due_at, p_now)
      ORDER BY o.opens_at DESC LIMIT 1) begun ON true
    LEFT JOIN LATERAL (SELECT greatest(o.opens_at, first.due_at) AS starts_at FROM openings o
      WHERE o.batch_id = b.id AND o.hours_version = b.hours_version AND o.zone_set = z.zone_set
        AND o.opens_at >= coalesce(begun.opens_at, '-infinity')
        AND o.closes_at > greatest(o.opens_at, first.due_at, p_now) + p_lead
      ORDER BY o.opens_at LIMIT 1) opening ON first.due_at < 'infinity';
  reason := CASE WHEN until_at >= b.end_at THEN 'BATCH_ENDED' WHEN any_open THEN 'NOT_DUE'
    WHEN any_closed THEN 'OUTSIDE_HOURS' WHEN any_never THEN 'NEVER_OPEN' ELSE 'NOT_DUE' END;
  until_at := CASE WHEN reason = 'BATCH_ENDED' THEN b.end_at ELSE until_at END;
  IF reason <> 'NEVER_OPEN' THEN RETURN; END IF;
  PERFORM FROM recipient_states WHERE batch_id = b.id AND state = 'IN_PROGRESS' ORDER BY due_at LIMIT 1;
  IF FOUND THEN
    reason := 'CALLS_IN_PROGRESS';
  ELSIF has_rows_outstanding(b) THEN
    reason := 'ROWS_OUTSTANDING';
  END IF;
END $$;
