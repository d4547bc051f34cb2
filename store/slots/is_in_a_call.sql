-- Whether a recipient of this batch is in a call, as far as its slots show: who is not in one of them may still be one
-- whose slot evidence has freed (unsettled_state looks at all).
CREATE OR REPLACE FUNCTION is_in_a_call(p_workspace uuid, p_batch uuid) RETURNS boolean LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
BEGIN
  RETURN EXISTS (SELECT FROM held_slots(p_workspace) h
    CROSS JOIN LATERAL (SELECT r.state FROM recipient_states r WHERE r.recipient_id = h.recipient_id
      ORDER BY r.recipient_id LIMIT 1) r
    WHERE h.batch_id = p_batch AND CASE r.state WHEN 'IN_PROGRESS' THEN true ELSE false END);
END $$;
