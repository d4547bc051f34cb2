-- The two places in a zone set of a batch before which nobody waits (claim_cursors). Without p_from_cursors, while
-- recipients follow a retry, and in another generation: the places before everybody. So is the second place when it
-- lies ahead of the clock, which went back. `timed` places are exclusive, `ordinal` is not.
CREATE OR REPLACE FUNCTION claim_place(b batches, p_zone_set text, p_now timestamptz, p_from_cursors boolean)
RETURNS TABLE (number integer, moved_at timestamptz, ordinal bigint, timed_due_at timestamptz, timed_ordinal bigint)
LANGUAGE sql STABLE AS $$
  SELECT coalesce(c.number, 0), c.moved_at,
      CASE WHEN holds.any THEN c.ordinal ELSE 0 END,
      CASE WHEN holds.timed THEN c.timed_due_at ELSE '-infinity' END,
      CASE WHEN holds.timed THEN c.timed_ordinal ELSE 9223372036854775807 END
    FROM (VALUES (1)) one
    LEFT JOIN LATERAL (SELECT * FROM claim_cursors WHERE batch_id = b.id AND zone_set = p_zone_set
      ORDER BY batch_id DESC, zone_set DESC, number DESC LIMIT 1) c ON true
    CROSS JOIN LATERAL (SELECT p_from_cursors AND b.chunk_work IS NULL AND c.generation = b.generation AS any) same
    CROSS JOIN LATERAL (SELECT coalesce(same.any, false) AS any,
      coalesce(same.any AND c.timed_due_at <= p_now, false) AS timed) holds
$$;
