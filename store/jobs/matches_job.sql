-- Whether a recipient is one that a job means. p_filter: status, as it is shown; outcome, of the last call; importId;
-- phone, a whole number; or text with phonePart, which are looked for in names and numbers as a search does
-- (read-recipients.ts). p_shown: how the batch's waiting recipients are shown: {waitingMeans, openZones, searchedText}.
CREATE OR REPLACE FUNCTION matches_job(s recipient_states, p_filter jsonb, p_shown jsonb) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT CASE
      WHEN NOT p_filter ? 'status' THEN true
      WHEN s.state <> 'WAITING' THEN s.state = p_filter ->> 'status'
      WHEN p_shown ->> 'waitingMeans' = 'CANCELLED' THEN p_filter ->> 'status' = 'CANCELLED'
      WHEN p_shown ->> 'waitingMeans' = 'PENDING_OR_QUEUED' AND s.due_at <= dialwright_now()
        AND p_shown -> 'openZones' ? s.zone_set THEN p_filter ->> 'status' = 'QUEUED'
      ELSE p_filter ->> 'status' = 'PENDING' END
    AND (NOT p_filter ? 'outcome' OR s.last_outcome IS NOT DISTINCT FROM p_filter ->> 'outcome')
    AND (NOT p_filter ? 'phone' OR s.phone = p_filter ->> 'phone')
    AND (NOT p_filter ? 'importId' AND NOT p_filter ? 'text' OR EXISTS (SELECT FROM recipients r
      WHERE r.id = s.recipient_id
        AND (NOT p_filter ? 'importId' OR r.import_id = (p_filter ->> 'importId')::uuid)
        AND (NOT p_filter ? 'text' OR strpos(r.phone, p_filter ->> 'phonePart') > 0
          OR CASE WHEN p_shown ->> 'searchedText' = '' THEN strpos(r.name, p_filter ->> 'text') > 0
            ELSE strpos(search_text(r.name), p_shown ->> 'searchedText') > 0 END)))
$$;
