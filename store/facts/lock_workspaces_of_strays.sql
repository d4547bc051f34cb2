-- Facts without our reference may be waiting for these attempts that pause their batches: that needs W, before any row.
CREATE OR REPLACE FUNCTION lock_workspaces_of_strays(p_call_ids text[],
  p_attempts uuid[]) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET enable_incremental_sort = off AS $$
BEGIN
  PERFORM lock_workspace(id) FROM (SELECT DISTINCT (SELECT workspace_id FROM attempts WHERE id = c.attempt) AS id
    FROM unnest(p_call_ids, p_attempts) AS c (call_id, attempt)
    -- A look-up for each, by the key of call_events_stray_idx: a join reads every stray that there is.
    CROSS JOIN LATERAL (SELECT provider_account_id AS account FROM attempts WHERE id = c.attempt LIMIT 1) a
    WHERE (SELECT true FROM call_events e WHERE (e.provider_account_id, e.provider_call_id) >= (a.account, c.call_id)
        AND (e.provider_account_id, e.provider_call_id) <= (a.account, c.call_id)
        AND e.attempt_id IS NULL AND e.deferral IN ('payment', 'permission')
      ORDER BY e.provider_account_id, e.provider_call_id LIMIT 1)
    ORDER BY 1) owners;
END $$;
