-- Transactions that add recipients to a batch follow each other, from before the first ordinal is drawn until the
-- commit. This lock comes before every other, W included. So two of them never wait in a circle, one for a new zone set
-- and the other for the batch's row; and ordinals of a batch commit in their order, so that no recipient comes to wait
-- before a place that the claims have passed (move_claim_cursors).
CREATE OR REPLACE FUNCTION lock_arrivals(p_batch uuid) RETURNS void LANGUAGE sql AS $$
  SELECT pg_advisory_xact_lock(2, hashtext(p_batch::text))
$$;
