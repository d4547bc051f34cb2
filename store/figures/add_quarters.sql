-- Adds figures of quarters of an hour, named as the columns are, to those that are there. `add_figures` calls it while
-- it holds the cursor: one at a time.
CREATE OR REPLACE FUNCTION add_quarters(p_of_batches jsonb, p_of_workspaces jsonb) RETURNS void LANGUAGE sql AS $$
  INSERT INTO batch_figures AS f
    SELECT * FROM jsonb_populate_recordset(NULL::batch_figures, p_of_batches)
  ON CONFLICT (batch_id, bucket_at) DO UPDATE SET
    sent = f.sent + excluded.sent, ended = f.ended + excluded.ended, answered = f.answered + excluded.answered,
    voicemail = f.voicemail + excluded.voicemail, no_answer = f.no_answer + excluded.no_answer,
    busy = f.busy + excluded.busy, declined = f.declined + excluded.declined,
    invalid_number = f.invalid_number + excluded.invalid_number, unreachable = f.unreachable + excluded.unreachable,
    provider_error = f.provider_error + excluded.provider_error, agent_error = f.agent_error + excluded.agent_error,
    cancelled = f.cancelled + excluded.cancelled, uncertain = f.uncertain + excluded.uncertain,
    successful = f.successful + excluded.successful, refused = f.refused + excluded.refused,
    talk_ms = f.talk_ms + excluded.talk_ms;
  INSERT INTO workspace_figures AS f
    SELECT * FROM jsonb_populate_recordset(NULL::workspace_figures, p_of_workspaces)
  ON CONFLICT (workspace_id, bucket_at) DO UPDATE SET
    sent = f.sent + excluded.sent, ended = f.ended + excluded.ended, answered = f.answered + excluded.answered,
    voicemail = f.voicemail + excluded.voicemail, no_answer = f.no_answer + excluded.no_answer,
    busy = f.busy + excluded.busy, declined = f.declined + excluded.declined,
    invalid_number = f.invalid_number + excluded.invalid_number, unreachable = f.unreachable + excluded.unreachable,
    provider_error = f.provider_error + excluded.provider_error, agent_error = f.agent_error + excluded.agent_error,
    cancelled = f.cancelled + excluded.cancelled, uncertain = f.uncertain + excluded.uncertain,
    successful = f.successful + excluded.successful, refused = f.refused + excluded.refused,
    talk_ms = f.talk_ms + excluded.talk_ms;
$$;
