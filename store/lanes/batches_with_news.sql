-- p_batches are batches whose lanes wait. Returns those for which a claim would have an answer other than "wait on".
-- This makes up for a notification that was lost, or that nobody sent. It shows one moment only, and takes no lock.
CREATE OR REPLACE FUNCTION batches_with_news(p_batches uuid[], p_dial_budget interval) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE t timestamptz := dialwright_now();
BEGIN
  RETURN QUERY SELECT batch FROM unnest(p_batches) AS batch,
      LATERAL batch_prospect(batch, t, p_dial_budget, p_confirm => false) p
    WHERE p.reason IS NULL OR p.reason NOT IN ('WORKSPACE_LIMIT', 'BATCH_LIMIT', 'NUMBER_LIMIT', 'NUMBER_BACKOFF',
      'NOT_SENT', 'PACE', 'CALLS_IN_PROGRESS', 'ROWS_OUTSTANDING', 'NOT_DUE');
END $$;
