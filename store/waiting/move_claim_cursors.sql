-- Moves the cursors of a batch's open zone sets to those who wait, when they have fallen behind; the caller, a claim,
-- holds W. A cursor is kept because the index entries of those who were called stay while anybody could still see them,
-- and each look would pass all of them. It may move because nobody comes to wait before it:
--   ordinals of a batch commit in their order (lock_arrivals), so that a place among those who wait for no time stays
--   empty; a batch retry, which fills such places, is another generation;
--   who comes to wait for a time gets one that is not over. 20 seconds are left for its commit.
-- One statement, so that who arrives between two looks is in neither. It is believed by claims only: the run looks from
-- the start before it says that nobody is due, and so does the finish. The claim has the settings.
CREATE OR REPLACE FUNCTION move_claim_cursors(p_batch uuid, p_now timestamptz, p_lead interval) RETURNS void
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  WITH ahead AS MATERIALIZED (
    SELECT z.*, b.generation, coalesce(at_once.ordinal, last.ordinal) AS next_ordinal, timed.due_at AS next_due_at,
        timed.ordinal AS next_timed_ordinal
      FROM batches b CROSS JOIN LATERAL open_zones(b.id, p_now, p_lead, true) z
      LEFT JOIN LATERAL (SELECT r.ordinal FROM recipient_states r
        WHERE r.batch_id = p_batch AND r.zone_set = z.zone_set AND r.state = 'WAITING'
          AND (r.due_at, r.ordinal) >= ('-infinity'::timestamptz, z.ordinal) AND r.due_at <= '-infinity'
        ORDER BY r.due_at, r.ordinal LIMIT 1) at_once ON true
      LEFT JOIN LATERAL (SELECT r.ordinal FROM recipient_states r
        WHERE at_once.ordinal IS NULL AND (r.batch_id, r.ordinal) >= (p_batch, 0)
          AND (r.batch_id, r.ordinal) <= (p_batch, 9223372036854775807)
        ORDER BY r.batch_id DESC, r.ordinal DESC LIMIT 1) last ON true
      LEFT JOIN LATERAL (
        SELECT least(r.due_at, p_now - interval '20 s') AS due_at,
            CASE WHEN r.due_at <= p_now - interval '20 s' THEN r.ordinal - 1 ELSE 0 END AS ordinal
          FROM recipient_states r
          WHERE r.batch_id = p_batch AND r.zone_set = z.zone_set AND r.state = 'WAITING'
            AND (r.due_at, r.ordinal) > (z.timed_due_at, z.timed_ordinal) AND r.due_at <= p_now
          ORDER BY r.due_at, r.ordinal LIMIT 1) timed ON true
      WHERE b.id = p_batch AND b.chunk_work IS NULL),
  moved AS (
    INSERT INTO claim_cursors
      SELECT p_batch, zone_set, number + 1, generation, greatest(next_ordinal, ahead.ordinal), place.due_at,
          place.ordinal, p_now
        FROM ahead CROSS JOIN LATERAL (SELECT
          CASE WHEN is_timed THEN next_due_at ELSE timed_due_at END AS due_at,
          CASE WHEN is_timed THEN next_timed_ordinal ELSE timed_ordinal END AS ordinal, is_timed
          FROM (SELECT next_due_at IS NOT NULL AND (next_due_at, next_timed_ordinal) > (timed_due_at, timed_ordinal)
            AND (moved_at BETWEEN p_now - interval '1 s' AND p_now) IS NOT TRUE AS is_timed) progress) place
        WHERE next_ordinal - ahead.ordinal >= 500 OR place.is_timed
      RETURNING zone_set, number)
  DELETE FROM claim_cursors c USING moved m
    WHERE c.batch_id = p_batch AND c.zone_set = m.zone_set AND c.number = m.number - 1;
END $$;
