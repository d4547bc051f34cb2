-- Numbers as a provider listed them: only what is new or differs is written, and counted. A label that the provider
-- does not have is ours, and stays; so does an outbound agent that somebody chose. A row that was just inserted has no
-- xmax.
CREATE OR REPLACE FUNCTION write_listed_numbers(p_workspace uuid, p_account uuid, p_numbers jsonb) RETURNS jsonb
LANGUAGE sql AS $$
  WITH written AS (
    INSERT INTO phone_numbers AS n (workspace_id, provider_account_id, phone, label, outbound_agent_id)
      SELECT DISTINCT ON (l.phone) p_workspace, p_account, l.phone, l.label, a.id
      FROM jsonb_to_recordset(p_numbers) AS l (phone text, label text, agent text)
      LEFT JOIN agents a ON a.provider_account_id = p_account AND a.provider_agent_id = l.agent ORDER BY l.phone
      ON CONFLICT (provider_account_id, phone) DO UPDATE SET
          label = coalesce(excluded.label, n.label),
          outbound_agent_id = coalesce(n.outbound_agent_id, excluded.outbound_agent_id)
        WHERE (n.label, n.outbound_agent_id) IS DISTINCT FROM
          (coalesce(excluded.label, n.label), coalesce(n.outbound_agent_id, excluded.outbound_agent_id))
      RETURNING n.xmax = 0 AS is_added)
    SELECT jsonb_build_object('added', count(*) FILTER (WHERE is_added),
      'updated', count(*) FILTER (WHERE NOT is_added)) FROM written
$$;
