-- Makes imports under review again what they were before another file was to replace theirs: those of p_imports whose
-- upload has this token, or without one those whose upload is lost. Their rows were not touched. Returns how many.
CREATE OR REPLACE FUNCTION restore_replaced(p_import uuid, p_token uuid, p_lost_after interval) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE restored integer;
BEGIN
  UPDATE imports i SET status = 'REVIEW', replaced = NULL, file_name = o.file_name, headers = o.headers,
      columns = o.columns, column_choice = o.column_choice, default_country = o.default_country,
      numbers_without_plus = o.numbers_without_plus, phone_fits = o.phone_fits,
      do_not_call_columns = o.do_not_call_columns, encoding = o.encoding, duplicates = o.duplicates,
      problem_counts = o.problem_counts, fix = o.fix, fix_rows_kept = o.fix_rows_kept, total_rows = o.total_rows,
      accepted_rows = o.accepted_rows, rejected_rows = o.rejected_rows, warnings = o.warnings
    FROM imports r, jsonb_populate_record(NULL::imports, r.replaced) o
    WHERE r.id = i.id AND i.status = 'RECEIVING' AND i.replaced IS NOT NULL
      AND (p_import IS NULL OR i.id = p_import AND i.upload_token = p_token)
      AND (p_import IS NOT NULL OR i.heartbeat_at < dialwright_now() - p_lost_after);
  GET DIAGNOSTICS restored = ROW_COUNT;
  RETURN restored;
END $$;
