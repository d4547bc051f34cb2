-- The zone sets of a batch, each with the places from which its claims go on (claim_place).
CREATE OR REPLACE FUNCTION claim_zones(p_batch uuid, p_now timestamptz, p_from_cursors boolean)
RETURNS TABLE (zone_set text, number integer, moved_at timestamptz,
  ordinal bigint, timed_due_at timestamptz, timed_ordinal bigint) LANGUAGE sql STABLE AS $$
  SELECT z.zone_set, place.*
    FROM batches b JOIN batch_zones z ON z.batch_id = b.id
    CROSS JOIN LATERAL claim_place(b, z.zone_set, p_now, p_from_cursors) place
    WHERE b.id = p_batch
$$;
