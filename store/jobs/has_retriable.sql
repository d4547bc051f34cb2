-- Whether a job that retries would put anybody of a batch back to waiting. p_filter: see matches_job.
CREATE OR REPLACE FUNCTION has_retriable(p_workspace uuid, p_batch uuid, p_filter jsonb) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM batches b JOIN recipient_states r ON r.batch_id = b.id
    WHERE b.id = p_batch AND b.workspace_id = p_workspace AND r.state IN ('NO_ANSWER', 'FAILED', 'CANCELLED')
      AND may_be_retried(r, b.status IN ('CANCELLED', 'FAILED'))
      AND (NOT p_filter ? 'recipientIds' OR p_filter -> 'recipientIds' ? r.recipient_id::text)
      AND matches_job(r, p_filter, jsonb_build_object('searchedText', search_text(p_filter ->> 'text'))))
$$;
