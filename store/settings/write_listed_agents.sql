-- Agents as a provider listed them: only what is new or differs is written, and counted. A row that was just inserted
-- has no xmax.
CREATE OR REPLACE FUNCTION write_listed_agents(p_workspace uuid, p_account uuid, p_agents jsonb) RETURNS jsonb
LANGUAGE sql AS $$
  WITH written AS (
    INSERT INTO agents AS a (workspace_id, provider_account_id, provider_agent_id, name)
      SELECT DISTINCT ON (l.id) p_workspace, p_account, l.id, l.name
      FROM jsonb_to_recordset(p_agents) AS l (id text, name text) ORDER BY l.id
      ON CONFLICT (provider_account_id, provider_agent_id) DO UPDATE SET name = excluded.name
        WHERE a.name <> excluded.name
      RETURNING a.xmax = 0 AS is_added)
    SELECT jsonb_build_object('added', count(*) FILTER (WHERE is_added),
      'updated', count(*) FILTER (WHERE NOT is_added)) FROM written
$$;
