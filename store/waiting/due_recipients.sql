-- How many recipients of a batch are due in an open zone set, p_most at most. Zone set by zone set and in order, so
-- that the index of the claim is the one that serves: another reads everybody who waits.
CREATE OR REPLACE FUNCTION due_recipients(p_batch uuid, p_now timestamptz, p_lead interval, p_from_cursors boolean,
  p_most integer) RETURNS integer LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET enable_incremental_sort = off
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off AS $$
BEGIN
  RETURN (SELECT count(*) FROM (SELECT FROM open_zones(p_batch, p_now, p_lead, p_from_cursors) z
    CROSS JOIN LATERAL (
      SELECT FROM (SELECT FROM recipient_states r
        WHERE r.batch_id = p_batch AND r.zone_set = z.zone_set AND r.state = 'WAITING'
          AND (r.due_at, r.ordinal) >= ('-infinity'::timestamptz, z.ordinal) AND r.due_at <= '-infinity'
        ORDER BY r.due_at, r.ordinal LIMIT p_most) at_once
      UNION ALL
      SELECT FROM (SELECT FROM recipient_states r
        WHERE r.batch_id = p_batch AND r.zone_set = z.zone_set AND r.state = 'WAITING'
          AND (r.due_at, r.ordinal) > (z.timed_due_at, z.timed_ordinal) AND r.due_at <= p_now
        ORDER BY r.due_at, r.ordinal LIMIT p_most) timed) due
    LIMIT p_most) first);
END $$;
