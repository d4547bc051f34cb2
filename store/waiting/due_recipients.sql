-- How many recipients of a batch are due in p_zones (what open_zones gave), p_most at most. Zone set by zone set and in
-- order, so that the index of the claim is the one that serves: another reads everybody who waits. The caller has the
-- settings.
CREATE OR REPLACE FUNCTION due_recipients(p_batch uuid, p_now timestamptz, p_zones jsonb, p_most integer)
RETURNS integer LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT count(*) FROM (SELECT
    FROM jsonb_to_recordset(p_zones)
      AS z (zone_set text, ordinal bigint, timed_due_at timestamptz, timed_ordinal bigint)
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
