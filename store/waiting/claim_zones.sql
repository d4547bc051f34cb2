-- The zone sets of a batch, each with the two places before which nobody waits (claim_cursors). Without p_from_cursors,
-- while recipients follow a retry, and in another generation: with the places before everybody. So is the second place
-- when it lies ahead of the clock, which went back. `timed` places are exclusive, `ordinal` is not.
CREATE OR REPLACE FUNCTION claim_zones(p_batch uuid, p_now timestamptz, p_from_cursors boolean)
RETURNS TABLE (zone_set text, number integer, moved_at timestamptz,
  ordinal bigint, timed_due_at timestamptz, timed_ordinal bigint) LANGUAGE sql STABLE AS $$
  SELECT z.zone_set, coalesce(c.number, 0), c.moved_at,
      CASE WHEN holds.any THEN c.ordinal ELSE 0 END,
      CASE WHEN holds.timed THEN c.timed_due_at ELSE '-infinity' END,
      CASE WHEN holds.timed THEN c.timed_ordinal ELSE 9223372036854775807 END
    FROM batches b JOIN batch_zones z ON z.batch_id = b.id
    LEFT JOIN LATERAL (SELECT * FROM claim_cursors WHERE batch_id = z.batch_id AND zone_set = z.zone_set
      ORDER BY batch_id DESC, zone_set DESC, number DESC LIMIT 1) c ON true
    CROSS JOIN LATERAL (SELECT p_from_cursors AND b.chunk_work IS NULL AND c.generation = b.generation AS any) same
    CROSS JOIN LATERAL (SELECT coalesce(same.any, false) AS any,
      coalesce(same.any AND c.timed_due_at <= p_now, false) AS timed) holds
    WHERE b.id = p_batch
$$;
