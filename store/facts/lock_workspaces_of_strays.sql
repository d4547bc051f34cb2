-- Facts without our reference may be waiting for these attempts that pause their batches: that needs W, before any row.
CREATE OR REPLACE FUNCTION lock_workspaces_of_strays(p_call_ids text[],
  p_attempts uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM lock_workspace(id) FROM (SELECT DISTINCT (SELECT workspace_id FROM attempts WHERE id = c.attempt) AS id
    FROM unnest(p_call_ids, p_attempts) AS c (call_id, attempt)
    WHERE EXISTS (SELECT FROM call_events e
      WHERE e.provider_account_id = (SELECT provider_account_id FROM attempts WHERE id = c.attempt)
      AND e.provider_call_id = c.call_id AND e.attempt_id IS NULL AND e.deferral IN ('payment', 'permission'))
        ORDER BY 1) owners;
END $$;
