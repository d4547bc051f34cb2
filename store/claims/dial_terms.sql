-- What the next calls of a batch have in common. lead keeps a call from ringing after the window has closed. The names
-- are those of the columns: the steps of a claim read them as a record.
CREATE OR REPLACE FUNCTION dial_terms(p_batch uuid, p_dial_budget interval) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT to_jsonb(terms) FROM (
    SELECT b.workspace_id, b.id AS batch_id, b.generation, b.lane_epoch, b.max_attempts, b.from_number_id,
        w.frequency_cap,
        n.phone AS from_phone, n.provider_account_id,
        a.provider_agent_id,
        p.ring_limit_ms, p.call_length_max_ms, p.identity_version,
        p_dial_budget + make_interval(secs => p.ring_lead_ms / 1000.0) AS lead
      FROM batches b
      JOIN workspaces w ON w.id = b.workspace_id
      JOIN phone_numbers n ON n.id = b.from_number_id
      JOIN agents a ON a.id = b.agent_id
      JOIN provider_accounts p ON p.id = n.provider_account_id
      WHERE b.id = p_batch) terms
$$;
