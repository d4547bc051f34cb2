-- The next recipients that a job looks at, in the order of arrival: at most p_limit, and the place of the last of them.
CREATE OR REPLACE FUNCTION next_page_of_job(j jobs, p_limit integer, OUT ids uuid[], OUT reached bigint)
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
  SET enable_incremental_sort = off AS $$
BEGIN
  IF j.filter ? 'recipientIds' THEN
    -- Few enough to be sorted.
    SELECT coalesce(array_agg(s.recipient_id ORDER BY s.ordinal), '{}'), max(s.ordinal) INTO ids, reached
      FROM (SELECT s.recipient_id, s.ordinal FROM jsonb_array_elements_text(j.filter -> 'recipientIds') AS named (id)
          CROSS JOIN LATERAL (SELECT * FROM recipient_states r WHERE r.recipient_id = named.id::uuid) s
        WHERE s.batch_id = j.batch_id AND s.ordinal > j.reached_ordinal AND s.ordinal <= j.last_ordinal
        ORDER BY s.ordinal LIMIT p_limit) s;
  ELSE
    SELECT coalesce(array_agg(s.recipient_id), '{}'), max(s.ordinal) INTO ids, reached
      FROM (SELECT recipient_id, ordinal FROM recipient_states
        WHERE batch_id = j.batch_id AND ordinal > j.reached_ordinal AND ordinal <= j.last_ordinal
        ORDER BY ordinal LIMIT p_limit) s;
  END IF;
END $$;
