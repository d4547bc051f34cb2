-- When the next of a batch's waiting recipients may be called, of which none may now: of the open zones when the first
-- is due, of the others when they open, but not before the first is due. Asks each zone for its first recipient only.
-- reason: NOT_DUE when somebody in an open zone waits for a time, else OUTSIDE_HOURS; ZONE_UNKNOWN when all who wait
-- are held because nobody knows where they are; NOT_DUE without a time when an event decides.
CREATE OR REPLACE FUNCTION next_due(b batches, p_open_zones text[], p_now timestamptz, OUT reason text,
  OUT until_at timestamptz)
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
  SET enable_incremental_sort = off AS $$
DECLARE
  open_due timestamptz;
  any_open boolean;
  closed_due timestamptz;
  any_closed boolean;
  any_held boolean;
BEGIN
  SELECT min(first.due_at) FILTER (WHERE z.zone_set = ANY (p_open_zones) AND first.due_at < 'infinity'),
      coalesce(bool_or(z.zone_set = ANY (p_open_zones)), false),
      min(greatest(opening.opens_at, first.due_at)) FILTER (WHERE z.zone_set <> ALL (p_open_zones)
        AND first.due_at < 'infinity' AND opening.opens_at IS NOT NULL),
      coalesce(bool_or(z.zone_set <> ALL (p_open_zones) AND z.zone_set <> '?'), false),
      coalesce(bool_or(z.zone_set = '?'), false)
    INTO open_due, any_open, closed_due, any_closed, any_held
    FROM (SELECT zone_set FROM batch_zones WHERE batch_id = b.id) z
    CROSS JOIN LATERAL (SELECT due_at FROM recipient_states
      WHERE batch_id = b.id AND zone_set = z.zone_set AND state = 'WAITING' ORDER BY due_at LIMIT 1) first
    LEFT JOIN LATERAL (SELECT min(opens_at) AS opens_at FROM openings
      WHERE batch_id = b.id AND hours_version = b.hours_version
      AND zone_set = z.zone_set AND opens_at > p_now) opening ON true;
  until_at := least(open_due, closed_due);
  reason := CASE WHEN any_open THEN 'NOT_DUE' WHEN any_closed THEN 'OUTSIDE_HOURS' WHEN any_held THEN 'ZONE_UNKNOWN'
    ELSE 'NOT_DUE' END;
END $$;
