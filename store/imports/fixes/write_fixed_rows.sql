-- Writes what a fix made of rejected rows of an import, and keeps what they were (import_fix_rows). The arrays have a
-- place for each row; became is ACCEPTED, REJECTED or LEFT_OUT. json, and no jsonb: a cell may hold what jsonb refuses,
-- and the order of cells stays. Row by row, by the whole key: a join of rows that nobody has counted yet reads them all
-- for each. The caller holds the import's row. Raises when a row is not there, or not rejected.
CREATE OR REPLACE FUNCTION write_fixed_rows(p_import uuid, p_numbers integer[], p_became text[], p_contents json[],
  p_problems json[], p_readings json[]) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  g record;
  kept integer;
  changed integer;
BEGIN
  FOR g IN SELECT * FROM unnest(p_numbers, p_became, p_contents, p_problems, p_readings)
    AS given (row_number, became, content, problems, reading)
  LOOP
    INSERT INTO import_fix_rows (import_id, row_number, content, problems, reading, became)
      SELECT r.import_id, r.row_number, r.content, r.problems, r.reading, g.became FROM import_rows r
        WHERE r.import_id = p_import AND r.accepted = false AND r.row_number = g.row_number;
    GET DIAGNOSTICS kept = ROW_COUNT;
    IF g.became = 'LEFT_OUT' THEN
      DELETE FROM import_rows r
        WHERE r.import_id = p_import AND r.accepted = false AND r.row_number = g.row_number;
    ELSE
      UPDATE import_rows r SET accepted = g.became = 'ACCEPTED', content = g.content, problems = g.problems,
          reading = g.reading
        WHERE r.import_id = p_import AND r.accepted = false AND r.row_number = g.row_number;
    END IF;
    GET DIAGNOSTICS changed = ROW_COUNT;
    IF kept <> 1 OR changed <> 1 THEN
      RAISE EXCEPTION 'row % of import % changed while it was fixed', g.row_number, p_import
        USING ERRCODE = 'serialization_failure';
    END IF;
  END LOOP;
END $$;
