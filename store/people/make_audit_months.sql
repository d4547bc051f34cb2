-- Makes the parts of audit_events for this month and p_months more, where they are missing. Called by every migration,
-- as the owner: a new part locks audit_events and what it refers to for a moment, which no process that dials should
-- do. A month whose rows are there already, since nobody has migrated for so long or a clock was wrong, is left: they
-- are in audit_events_other.
CREATE OR REPLACE FUNCTION make_audit_months(p_months integer) RETURNS void LANGUAGE plpgsql
SET TimeZone = utc AS $$
DECLARE month timestamptz;
BEGIN
  FOR month IN SELECT generate_series(date_trunc('month', now()), now() + make_interval(months => p_months),
    interval '1 month')
  LOOP
    CONTINUE WHEN to_regclass('audit_events_' || to_char(month, 'YYYY_MM')) IS NOT NULL;
    BEGIN
      EXECUTE format('CREATE TABLE %I PARTITION OF audit_events FOR VALUES FROM (%L) TO (%L)',
        'audit_events_' || to_char(month, 'YYYY_MM'), month, month + interval '1 month');
    EXCEPTION WHEN check_violation OR duplicate_table THEN NULL;
    END;
  END LOOP;
END $$;
