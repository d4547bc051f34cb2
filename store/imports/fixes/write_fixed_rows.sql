-- Writes what a fix made of rejected rows of an import, and keeps what they were (import_fix_rows). The arrays have a
-- place for each row; became is ACCEPTED, REJECTED or LEFT_OUT. json, and no jsonb: a cell may hold what jsonb refuses,
-- and the order of cells stays. The caller holds the import's row. Raises when a row is not there, or not rejected.
CREATE OR REPLACE FUNCTION write_fixed_rows(p_import uuid, p_numbers integer[], p_became text[], p_contents json[],
  p_problems json[], p_readings json[]) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  kept integer;
  changed integer;
  removed integer;
BEGIN
  INSERT INTO import_fix_rows (import_id, row_number, content, problems, reading, became)
    SELECT p_import, r.row_number, r.content, r.problems, r.reading, g.became
      FROM unnest(p_numbers, p_became) AS g (row_number, became)
      JOIN import_rows r ON r.import_id = p_import AND NOT r.accepted AND r.row_number = g.row_number;
  GET DIAGNOSTICS kept = ROW_COUNT;
  DELETE FROM import_rows r USING unnest(p_numbers, p_became) AS g (row_number, became)
    WHERE g.became = 'LEFT_OUT' AND r.import_id = p_import AND NOT r.accepted AND r.row_number = g.row_number;
  GET DIAGNOSTICS removed = ROW_COUNT;
  UPDATE import_rows r SET accepted = g.became = 'ACCEPTED', content = g.content, problems = g.problems,
      reading = g.reading
    FROM unnest(p_numbers, p_became, p_contents, p_problems, p_readings)
      AS g (row_number, became, content, problems, reading)
    WHERE g.became <> 'LEFT_OUT' AND r.import_id = p_import AND NOT r.accepted AND r.row_number = g.row_number;
  GET DIAGNOSTICS changed = ROW_COUNT;
  IF kept <> cardinality(p_numbers) OR removed + changed <> kept THEN
    RAISE EXCEPTION 'rows of import % changed while they were fixed', p_import USING ERRCODE = 'serialization_failure';
  END IF;
END $$;
