-- The zone sets of a batch in which no call may start any more, as far as is known: nobody knows the zone, or the
-- openings are written and none is left that is longer than it takes a call to ring. Openings end with one that begins
-- after openings_until, however far it is (domain/hours/openings-written.ts), so that none left means none within 400
-- days. While openings have still to be written, or nobody extends them (infinity), nothing is known but the sets
-- without a zone.
CREATE OR REPLACE FUNCTION never_open_zones(p_batch uuid, p_now timestamptz, p_dial_budget interval) RETURNS text[]
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
  SET enable_incremental_sort = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off AS $$
DECLARE
  b batches;
  lead interval;
BEGIN
  SELECT * INTO b FROM batches WHERE id = p_batch;
  SELECT p_dial_budget + make_interval(secs => a.ring_lead_ms / 1000.0) INTO lead
    FROM phone_numbers n JOIN provider_accounts a ON a.id = n.provider_account_id WHERE n.id = b.from_number_id;
  RETURN ARRAY(SELECT z.zone_set FROM batch_zones z
    WHERE z.batch_id = p_batch AND (z.zone_set = '?' OR b.openings_until > p_now AND isfinite(b.openings_until)
      -- From the last one that has begun on: they follow each other.
      AND NOT EXISTS (SELECT FROM openings o
        WHERE o.batch_id = p_batch AND o.hours_version = b.hours_version AND o.zone_set = z.zone_set
          AND o.opens_at >= coalesce((SELECT begun.opens_at FROM openings begun
            WHERE begun.batch_id = p_batch AND begun.hours_version = b.hours_version AND begun.zone_set = z.zone_set
              AND begun.opens_at <= p_now ORDER BY begun.opens_at DESC LIMIT 1), '-infinity')
          AND o.closes_at > greatest(o.opens_at, p_now) + lead)));
END $$;
