-- A change of all recipients of a batch that match a filter, made in chunks. The place that was reached and the counts
-- are written with what each chunk changes, so whoever goes on, after whatever death, changes and counts nobody twice.
CREATE TABLE jobs (
  id uuid PRIMARY KEY DEFAULT new_id(),
  workspace_id uuid NOT NULL REFERENCES workspaces,
  batch_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('remove', 'edit', 'settle', 'retry')),
  status text NOT NULL DEFAULT 'RUNNING' CHECK (status IN ('RUNNING', 'DONE', 'ENDED', 'FAILED')),
  -- Why it failed, for people.
  status_reason text,
  -- Who is meant, and what is done to them: domain/jobs/job.ts.
  filter jsonb NOT NULL,
  change jsonb NOT NULL DEFAULT '{}',
  -- Who began it: what it changes is recorded in this name.
  actor jsonb NOT NULL,
  -- Of a retry: the generation that it made of the batch.
  generation integer,
  -- It looks at recipients in the order of arrival: behind the one, up to the other, which was the last at its begin.
  reached_ordinal bigint NOT NULL DEFAULT 0,
  last_ordinal bigint NOT NULL,
  total_count integer NOT NULL,
  examined_count integer NOT NULL DEFAULT 0,
  matched_count integer NOT NULL DEFAULT 0,
  done_count integer NOT NULL DEFAULT 0,
  -- By reason, how many of those that matched were not changed, or were named and are not there.
  skipped jsonb NOT NULL DEFAULT '{}',
  -- Chunks in a row that went wrong.
  failures integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT dialwright_now(),
  finished_at timestamptz,
  FOREIGN KEY (workspace_id, batch_id) REFERENCES batches (workspace_id, id),
  CHECK ((status = 'RUNNING') = (finished_at IS NULL))
);
CREATE INDEX jobs_batch_id_created_at_idx ON jobs (batch_id, created_at DESC, id DESC);
CREATE INDEX jobs_running_idx ON jobs (workspace_id) WHERE status = 'RUNNING';
CREATE INDEX jobs_finished_at_idx ON jobs (finished_at) WHERE finished_at IS NOT NULL;

ALTER TABLE live_changes DROP CONSTRAINT live_changes_kind_check;
ALTER TABLE live_changes ADD CONSTRAINT live_changes_kind_check CHECK (kind IN ('batch', 'calls', 'import', 'job',
  'workspace', 'phoneNumber', 'agent', 'providerAccount'));
CREATE TRIGGER jobs_live AFTER INSERT OR UPDATE ON jobs FOR EACH ROW EXECUTE FUNCTION note_live_change('job');

-- RETRY_JOB: a job puts those whom it means back to waiting, and takes it away when it is over.
ALTER TABLE batches DROP CONSTRAINT batches_chunk_work_check;
ALTER TABLE batches ADD CONSTRAINT batches_chunk_work_check
  CHECK (chunk_work IN ('CANCEL', 'CANCEL_AND_HANG_UP', 'RETRY', 'RETRY_CANCELLED', 'RETRY_JOB'));
