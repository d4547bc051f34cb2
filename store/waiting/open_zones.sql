-- Those of claim_zones in which a call may start now. The openings of a zone set follow each other, so the last one
-- that has begun is the one to look at, however many there were before it. A batch may have hundreds of zone sets: the
-- claim asks once, and takes the answer along.
CREATE OR REPLACE FUNCTION open_zones(p_batch uuid, p_now timestamptz, p_lead interval, p_from_cursors boolean)
RETURNS TABLE (zone_set text, number integer, moved_at timestamptz,
  ordinal bigint, timed_due_at timestamptz, timed_ordinal bigint) LANGUAGE sql STABLE AS $$
  SELECT z.zone_set, place.*
    FROM batches b JOIN batch_zones z ON z.batch_id = b.id
    CROSS JOIN LATERAL (SELECT o.closes_at FROM openings o
      WHERE o.batch_id = b.id AND o.hours_version = b.hours_version AND o.zone_set = z.zone_set AND o.opens_at <= p_now
      ORDER BY o.opens_at DESC LIMIT 1) last
    CROSS JOIN LATERAL claim_place(b, z.zone_set, p_now, p_from_cursors) place
    WHERE b.id = p_batch AND p_now + p_lead < last.closes_at
$$;
