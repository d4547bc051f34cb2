-- Gives at most p_limit rows of an import, those after p_through, back what they were before its last fix, and forgets
-- that it was kept: from the place that was reached, since deleted rows before it stay in the index for a while. A row
-- that is not what the fix made of it any more stays: it was dropped as a duplicate since. The caller holds the
-- import's row. One row for each that was kept: undone, what it was until now (became), and the codes of its problems
-- then and now.
CREATE OR REPLACE FUNCTION undo_fixed_rows(p_import uuid, p_through integer, p_limit integer)
RETURNS TABLE (row_number integer, became text, undone boolean, old_codes text[], new_codes text[]) LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH kept AS MATERIALIZED (
    SELECT f.row_number, f.content, f.problems, f.reading, f.became FROM import_fix_rows f
      WHERE f.import_id = p_import AND f.row_number > p_through ORDER BY f.row_number LIMIT p_limit
  ), current AS MATERIALIZED (
    SELECT k.row_number, problem_codes(r.problems) AS codes FROM kept k JOIN import_rows r
      ON r.import_id = p_import AND r.accepted = (k.became = 'ACCEPTED') AND r.row_number = k.row_number
      WHERE k.became <> 'LEFT_OUT'
  ), changed AS (
    UPDATE import_rows r SET accepted = false, content = k.content, problems = k.problems, reading = k.reading
      FROM kept k
      WHERE k.became <> 'LEFT_OUT' AND r.import_id = p_import AND r.accepted = (k.became = 'ACCEPTED')
        AND r.row_number = k.row_number
      RETURNING r.row_number
  ), added AS (
    INSERT INTO import_rows (import_id, row_number, accepted, content, problems, reading)
      SELECT p_import, k.row_number, false, k.content, k.problems, k.reading FROM kept k WHERE k.became = 'LEFT_OUT'
      RETURNING import_rows.row_number
  ), forgotten AS (
    DELETE FROM import_fix_rows f USING kept k WHERE f.import_id = p_import AND f.row_number = k.row_number
  )
  SELECT k.row_number, k.became, coalesce(c.row_number, a.row_number) IS NOT NULL,
      coalesce(u.codes, '{}'), problem_codes(k.problems)
    FROM kept k LEFT JOIN changed c ON c.row_number = k.row_number LEFT JOIN added a ON a.row_number = k.row_number
      LEFT JOIN current u ON u.row_number = k.row_number
    ORDER BY k.row_number;
END $$;
