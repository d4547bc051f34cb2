-- When the first recipient that waits in each zone set of a batch is due; no row for a set in which nobody waits. From
-- the batch's cursors, or from everybody. Inlined into its callers, which have the settings: who asks for one row of it
-- reads one zone set.
CREATE OR REPLACE FUNCTION first_waiting(p_batch uuid, p_now timestamptz, p_from_cursors boolean)
RETURNS TABLE (zone_set text, due_at timestamptz) LANGUAGE sql STABLE AS $$
  SELECT z.zone_set, first.due_at FROM claim_zones(p_batch, p_now, p_from_cursors) z
    CROSS JOIN LATERAL (SELECT coalesce(
      (SELECT r.due_at FROM recipient_states r
        WHERE r.batch_id = p_batch AND r.zone_set = z.zone_set AND r.state = 'WAITING'
          AND (r.due_at, r.ordinal) >= ('-infinity'::timestamptz, z.ordinal) AND r.due_at <= '-infinity'
        ORDER BY r.due_at, r.ordinal LIMIT 1),
      (SELECT r.due_at FROM recipient_states r
        WHERE r.batch_id = p_batch AND r.zone_set = z.zone_set AND r.state = 'WAITING'
          AND (r.due_at, r.ordinal) > (z.timed_due_at, z.timed_ordinal)
        ORDER BY r.due_at, r.ordinal LIMIT 1)) AS due_at
      -- Looked up once, however often it is named.
      OFFSET 0) first
    WHERE first.due_at IS NOT NULL
$$;
