-- What a running batch waits for in which nobody waits for a call: CALLS_IN_PROGRESS, ROWS_OUTSTANDING, or nothing
-- (SETTLED). NULL when somebody waits. p_confirm: see batch_prospect. The caller has the settings.
CREATE OR REPLACE FUNCTION nobody_waits(b batches, p_now timestamptz, p_confirm boolean) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
  rest text;
BEGIN
  IF EXISTS (SELECT FROM first_waiting(b.id, p_now, true)) THEN RETURN NULL; END IF;
  rest := CASE
    WHEN NOT p_confirm AND is_in_a_call(b.workspace_id, b.id) THEN 'IN_PROGRESS'
    ELSE unsettled_state(b.id) END;
  RETURN CASE
    WHEN rest = 'WAITING' THEN NULL
    WHEN rest = 'IN_PROGRESS' THEN 'CALLS_IN_PROGRESS'
    WHEN has_rows_outstanding(b) THEN 'ROWS_OUTSTANDING'
    ELSE 'SETTLED' END;
END $$;
