-- Gives at most p_limit rows of an import, those after p_through, back what they were before its last fix, and forgets
-- that it was kept: from the place that was reached, since deleted rows before it stay in the index for a while; row by
-- row, as write_fixed_rows. A row that is not what the fix made of it any more stays: it was dropped as a duplicate
-- since. The caller holds the import's row. One row for each that was kept: undone, what it was until now (became), and
-- the codes of its problems then and now.
CREATE OR REPLACE FUNCTION undo_fixed_rows(p_import uuid, p_through integer, p_limit integer)
RETURNS TABLE (row_number integer, became text, undone boolean, old_codes text[], new_codes text[]) LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off AS $$
#variable_conflict use_column
DECLARE
  k import_fix_rows;
  changed integer;
BEGIN
  FOR k IN SELECT * FROM import_fix_rows f WHERE f.import_id = p_import AND f.row_number > p_through
    ORDER BY f.row_number LIMIT p_limit
  LOOP
    old_codes := '{}';
    IF k.became = 'LEFT_OUT' THEN
      INSERT INTO import_rows (import_id, row_number, accepted, content, problems, reading)
        VALUES (p_import, k.row_number, false, k.content, k.problems, k.reading);
    ELSE
      SELECT problem_codes(r.problems) INTO old_codes FROM import_rows r
        WHERE r.import_id = p_import AND r.accepted = (k.became = 'ACCEPTED') AND r.row_number = k.row_number;
      UPDATE import_rows r SET accepted = false, content = k.content, problems = k.problems, reading = k.reading
        WHERE r.import_id = p_import AND r.accepted = (k.became = 'ACCEPTED') AND r.row_number = k.row_number;
    END IF;
    GET DIAGNOSTICS changed = ROW_COUNT;
    DELETE FROM import_fix_rows f WHERE f.import_id = p_import AND f.row_number = k.row_number;
    row_number := k.row_number;
    became := k.became;
    undone := changed = 1;
    new_codes := problem_codes(k.problems);
    RETURN NEXT;
  END LOOP;
END $$;
