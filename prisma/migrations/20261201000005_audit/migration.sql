-- What was done once, so that a command that is repeated is done once: kept as long as an Idempotency-Key, and longer.
CREATE TABLE commands (
  command_id text PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces,
  -- False for what was asked for and refused.
  applied boolean NOT NULL,
  -- What its repetition is told.
  answer jsonb NOT NULL DEFAULT '{}',
  at timestamptz NOT NULL DEFAULT dialwright_now()
);
CREATE INDEX commands_at_idx ON commands (at);
INSERT INTO commands (command_id, workspace_id, applied, answer, at)
  SELECT command_id, workspace_id, applied, coalesce(detail -> 'answer', '{}')
    || jsonb_strip_nulls(jsonb_build_object('result', detail -> 'result', 'needsRole', detail -> 'needsRole')), at
  FROM audit_events WHERE command_id IS NOT NULL;

-- Who did what. By months, so that a month can be dropped as a whole; make_audit_months makes the next ones.
ALTER TABLE audit_events RENAME TO audit_before;
ALTER INDEX audit_events_pkey RENAME TO audit_before_pkey;
ALTER INDEX audit_events_batch_id_at_idx RENAME TO audit_before_batch_id_at_idx;
CREATE TABLE audit_events (
  id uuid NOT NULL DEFAULT new_id(),
  at timestamptz NOT NULL DEFAULT dialwright_now(),
  workspace_id uuid NOT NULL REFERENCES workspaces,
  -- An API key's id, 'temporal' for a signal made by hand, 'setup', or 'dialwright'.
  actor text NOT NULL,
  -- What the key was called then.
  actor_name text,
  -- The address from which it was asked.
  actor_from text,
  action text NOT NULL,
  applied boolean NOT NULL DEFAULT true,
  -- What it was done to: {kind, id}.
  target_kind text,
  target_id uuid,
  batch_id uuid,
  attempt_id uuid REFERENCES attempts,
  detail jsonb NOT NULL DEFAULT '{}',
  -- What differs, before and after: columns by their names. Never credentials, nor what was uploaded about a person.
  before jsonb,
  after jsonb,
  PRIMARY KEY (id, at),
  FOREIGN KEY (workspace_id, batch_id) REFERENCES batches (workspace_id, id)
) PARTITION BY RANGE (at);
CREATE INDEX audit_events_workspace_id_at_idx ON audit_events (workspace_id, at, id);
CREATE INDEX audit_events_batch_id_at_idx ON audit_events (batch_id, at);
CREATE TABLE audit_events_other PARTITION OF audit_events DEFAULT;
-- The months from the first entry to this one, before anything is written; make_audit_months goes on.
DO $$
DECLARE
  month timestamp := date_trunc('month', least(now(), (SELECT min(at) FROM audit_before)) AT TIME ZONE 'UTC');
BEGIN
  WHILE month <= now() AT TIME ZONE 'UTC' LOOP
    EXECUTE format('CREATE TABLE %I PARTITION OF audit_events FOR VALUES FROM (%L) TO (%L)',
      'audit_events_' || to_char(month, 'YYYY_MM'), month AT TIME ZONE 'UTC',
      (month + interval '1 month') AT TIME ZONE 'UTC');
    month := month + interval '1 month';
  END LOOP;
END $$;
INSERT INTO audit_events (id, at, workspace_id, actor, action, applied, batch_id, attempt_id, detail)
  SELECT id, at, workspace_id, actor, action, applied, batch_id, attempt_id, detail FROM audit_before;
DROP TABLE audit_before;

-- How many requests a key, or an address, has made in this minute; only where API processes count together. Of no use
-- after a crash.
CREATE UNLOGGED TABLE rate_limits (
  key text PRIMARY KEY,
  points integer NOT NULL DEFAULT 0,
  expire bigint
);
