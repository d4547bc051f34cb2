-- What claim_calls answers the lanes of a batch for which there is no call now. Those that wait for an event wait on,
-- as many as the batch can use, longest waiting first; the others go home. p_ask: what ask_for_batches has for the
-- batch. p_share: its share of the room, of which p_claimed were taken. p_tried: calls were looked for, so that what
-- the batch asked for is no longer so.
CREATE OR REPLACE FUNCTION let_lanes_wait(p_ask jsonb, p_now timestamptz, p_dial_budget interval, p_tried boolean,
  p_share integer, p_claimed integer)
RETURNS TABLE (lane integer, verdict text, attempt jsonb, reason text, until_ms bigint, could_start integer)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  batch_id uuid := p_ask ->> 'batchId';
  lanes jsonb := p_ask -> 'lanes';
  prospect record;
  lanes_kept integer := 1;
BEGIN
  IF p_claimed > 0 THEN lanes := lanes_left(lanes); END IF;
  IF p_tried THEN
    SELECT p.reason, p.until_at, p.could_start INTO prospect
      FROM batch_prospect(batch_id, p_now, p_dial_budget, p_confirm => false) p;
  ELSE
    SELECT p_ask ->> 'reason' AS reason, (p_ask ->> 'untilAt')::timestamptz AS until_at,
        (p_ask ->> 'couldStart')::integer AS could_start
      INTO prospect;
  END IF;
  -- The calls that could start are the share of other batches. No notification comes when those do not take it.
  IF prospect.could_start > 0 AND p_share <= p_claimed THEN
    prospect.reason := 'FAIR_SHARE';
    prospect.could_start := 0;
    prospect.until_at := p_now + interval '500 ms';
  END IF;
  IF jsonb_array_length(lanes) > 1 THEN
    lanes_kept := greatest(lanes_of_use(batch_id, p_now), prospect.could_start);
  END IF;
  RETURN QUERY SELECT (l ->> 'lane')::integer,
      CASE
        WHEN place <= lanes_kept AND prospect.reason IN ('READY', 'FAIR_SHARE', 'WORKSPACE_LIMIT', 'BATCH_LIMIT',
          'NUMBER_LIMIT', 'NUMBER_BACKOFF', 'NOT_SENT', 'PACE') THEN 'WAIT'
        WHEN place = 1 AND prospect.reason = 'CALLS_IN_PROGRESS' THEN 'WAIT'
        WHEN place = 1 AND prospect.reason IN ('NOT_DUE', 'ROWS_OUTSTANDING') AND prospect.until_at IS NULL
          THEN 'WAIT'
        ELSE 'END'
      END,
      NULL::jsonb,
      prospect.reason,
      ceil(extract(epoch FROM prospect.until_at - p_now) * 1000)::bigint,
      prospect.could_start
    FROM jsonb_array_elements(lanes) WITH ORDINALITY AS kept (l, place);
END $$;
