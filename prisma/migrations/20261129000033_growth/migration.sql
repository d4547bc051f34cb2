-- A slot is an attempt's own row, and is looked for from the newest slot epoch of its workspace on. The largest number:
-- found by every look, whatever epoch it is. So are slots that evidence takes back, and those of before this migration.
ALTER TABLE attempts ADD COLUMN slot_epoch integer NOT NULL DEFAULT 2147483647;
DROP INDEX attempts_slots_idx;
CREATE INDEX attempts_slots_idx ON attempts (workspace_id, slot_epoch) WHERE slot_held;

-- Where the looks for the held slots of a workspace begin: every slot of an earlier epoch that may still be held is
-- among `older`. What was true when a row was written stays true, because slots of earlier epochs are only freed. One
-- row a workspace: the newest is read from the end of the key, so that the deleted ones before it cost nothing. No
-- foreign key: each row would lock the workspace's.
CREATE TABLE slot_epochs (
  workspace_id uuid NOT NULL,
  epoch integer NOT NULL,
  older uuid[],
  began_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, epoch)
);

-- Where the claims of a batch go on in each of its zone sets: before these two places nobody waits. One place is among
-- those who have no time to wait for (due_at = -infinity), the other among those who have. One row a zone set, read as
-- above; the claim writes it under W.
CREATE TABLE claim_cursors (
  batch_id uuid NOT NULL,
  zone_set text NOT NULL,
  number integer NOT NULL,
  -- Of another generation than the batch's it says nothing: a batch retry puts recipients back in their places.
  generation integer NOT NULL,
  ordinal bigint NOT NULL,
  timed_due_at timestamptz NOT NULL,
  timed_ordinal bigint NOT NULL,
  moved_at timestamptz NOT NULL,
  PRIMARY KEY (batch_id, zone_set, number)
);

-- The starts and the recent calls of one workspace, whatever the others call.
DROP INDEX attempts_dialing_at_workspace_id_idx;
CREATE INDEX attempts_workspace_id_dialing_at_idx ON attempts (workspace_id, dialing_at);

-- Whether another batch has the name.
CREATE INDEX batches_workspace_id_name_idx ON batches (workspace_id, name) WHERE deleted_at IS NULL AND kind = 'BATCH';

-- What was seen in the last seconds, of one workspace, whatever was seen before.
CREATE INDEX lane_demand_workspace_id_seen_at_idx ON lane_demand (workspace_id, seen_at);

-- A second wall: what refers to another row of a workspace names the workspace too, so that a check that was forgotten
-- fails here. Instead of the simple keys, not beside them: a call is checked as often as before. The list of what is
-- exempt is in test/repo/tenancy.spec.ts.
ALTER TABLE provider_accounts ADD UNIQUE (workspace_id, id);
ALTER TABLE agents ADD UNIQUE (workspace_id, id);
ALTER TABLE phone_numbers ADD UNIQUE (workspace_id, id);
ALTER TABLE batches ADD UNIQUE (workspace_id, id);

ALTER TABLE agents DROP CONSTRAINT agents_provider_account_id_fkey,
  ADD FOREIGN KEY (workspace_id, provider_account_id) REFERENCES provider_accounts (workspace_id, id);
ALTER TABLE phone_numbers DROP CONSTRAINT phone_numbers_provider_account_id_fkey,
  DROP CONSTRAINT phone_numbers_outbound_agent_id_fkey,
  ADD FOREIGN KEY (workspace_id, provider_account_id) REFERENCES provider_accounts (workspace_id, id),
  ADD FOREIGN KEY (workspace_id, outbound_agent_id) REFERENCES agents (workspace_id, id);
ALTER TABLE batches DROP CONSTRAINT batches_from_number_id_fkey, DROP CONSTRAINT batches_agent_id_fkey,
  ADD FOREIGN KEY (workspace_id, from_number_id) REFERENCES phone_numbers (workspace_id, id),
  ADD FOREIGN KEY (workspace_id, agent_id) REFERENCES agents (workspace_id, id);
ALTER TABLE imports DROP CONSTRAINT imports_batch_id_fkey,
  ADD FOREIGN KEY (workspace_id, batch_id) REFERENCES batches (workspace_id, id);
ALTER TABLE attempts DROP CONSTRAINT attempts_batch_id_fkey, DROP CONSTRAINT attempts_provider_account_id_fkey,
  DROP CONSTRAINT attempts_from_number_id_fkey,
  ADD FOREIGN KEY (workspace_id, batch_id) REFERENCES batches (workspace_id, id),
  ADD FOREIGN KEY (workspace_id, provider_account_id) REFERENCES provider_accounts (workspace_id, id),
  ADD FOREIGN KEY (workspace_id, from_number_id) REFERENCES phone_numbers (workspace_id, id);
ALTER TABLE call_events DROP CONSTRAINT call_events_provider_account_id_fkey,
  ADD FOREIGN KEY (workspace_id, provider_account_id) REFERENCES provider_accounts (workspace_id, id);
ALTER TABLE audit_events DROP CONSTRAINT audit_events_batch_id_fkey,
  ADD FOREIGN KEY (workspace_id, batch_id) REFERENCES batches (workspace_id, id);
ALTER TABLE lane_demand DROP CONSTRAINT lane_demand_batch_id_fkey,
  ADD FOREIGN KEY (workspace_id, batch_id) REFERENCES batches (workspace_id, id);
