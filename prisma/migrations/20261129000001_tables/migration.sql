-- Tables, checks, indexes, and the three functions that column defaults and a trigger need. Every other function is a
-- file in store/, beside the verb that calls it; `npm run migrate` applies those after the migrations.

-- The one clock. Every decision about time is made by PostgreSQL, with this function; tests replace it in their own
-- databases, and a production process refuses to start when it is not this one (store/functions/check-functions.ts).
CREATE FUNCTION dialwright_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$ SELECT clock_timestamp() $$;

-- Ids that sort by time (UUID version 7), on every supported version of PostgreSQL.
CREATE FUNCTION new_id() RETURNS uuid LANGUAGE sql VOLATILE AS $$
  SELECT encode(
    set_bit(set_bit(
      overlay(uuid_send(gen_random_uuid())
        placing substring(int8send(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
      52, 1), 53, 1), 'hex')::uuid
$$;

-- One row: a text that was sealed with the installation's key (platform/secret-box.ts). A process that cannot open it
-- has another key and does not start.
CREATE TABLE installation (
  id boolean PRIMARY KEY DEFAULT true CHECK (id),
  canary text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT dialwright_now()
);

CREATE TABLE workspaces (
  id uuid PRIMARY KEY DEFAULT new_id(),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  -- The key of the workspace lock: pg_advisory_xact_lock(1, lock_key).
  lock_key integer NOT NULL GENERATED ALWAYS AS IDENTITY UNIQUE,
  concurrency_limit integer NOT NULL DEFAULT 20 CHECK (concurrency_limit BETWEEN 0 AND 100000),
  calls_per_second integer CHECK (calls_per_second BETWEEN 1 AND 10000),
  -- At most this many calls to one number in 24 hours, over all batches; NULL is no cap.
  frequency_cap integer CHECK (frequency_cap BETWEEN 1 AND 100),
  -- Ids of the rule packs of lawful hours that are on; NULL: those that are on by default.
  rule_packs text[],
  -- Grows with every change of them: what was planned by others is refused.
  rule_packs_version integer NOT NULL DEFAULT 1,
  -- Emergency stop: while set, no call starts.
  stopped_at timestamptz,
  -- Who set it: apiKeyId, name, role, and at, which is stopped_at. With another time it is of an older stop, and this
  -- one was set by hand.
  stopped_by jsonb,
  created_at timestamptz NOT NULL DEFAULT dialwright_now()
);

CREATE TABLE api_keys (
  id uuid PRIMARY KEY DEFAULT new_id(),
  workspace_id uuid NOT NULL REFERENCES workspaces,
  name text NOT NULL,
  role text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
  -- SHA-256 of the key; the key itself is shown once and stored nowhere.
  key_hash bytea NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT dialwright_now(),
  revoked_at timestamptz
);

CREATE TABLE provider_accounts (
  id uuid PRIMARY KEY DEFAULT new_id(),
  workspace_id uuid NOT NULL REFERENCES workspaces,
  kind text NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  base_url text NOT NULL,
  -- Encrypted with the installation's key (platform/secret-box.ts); never leaves the process that dials.
  api_key text NOT NULL,
  webhook_secret text NOT NULL,
  ring_limit_ms integer NOT NULL DEFAULT 45000 CHECK (ring_limit_ms BETWEEN 100 AND 600000),
  ring_lead_ms integer NOT NULL DEFAULT 2000 CHECK (ring_lead_ms BETWEEN 0 AND 60000),
  call_length_max_ms integer NOT NULL DEFAULT 3600000 CHECK (call_length_max_ms BETWEEN 1000 AND 14400000),
  -- Overrides what the adapter declares.
  settle_delay_ms integer CHECK (settle_delay_ms BETWEEN 0 AND 3600000),
  -- How often a live call is looked up: rarely where webhooks come, often where none can (polling only).
  poll_interval_ms integer NOT NULL DEFAULT 120000 CHECK (poll_interval_ms BETWEEN 100 AND 3600000),
  -- Grows when the account was given another key, or address, that was not shown to be of the same account at the
  -- provider. What the provider says under one identity proves nothing about a call that was placed under another.
  identity_version integer NOT NULL DEFAULT 1,
  -- Since when its stored credentials are known to be unreadable: no call starts through it until both were entered
  -- again.
  unreadable_at timestamptz,
  disabled_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT dialwright_now()
);
CREATE INDEX provider_accounts_workspace_id_idx ON provider_accounts (workspace_id);

CREATE TABLE agents (
  id uuid PRIMARY KEY DEFAULT new_id(),
  workspace_id uuid NOT NULL REFERENCES workspaces,
  provider_account_id uuid NOT NULL REFERENCES provider_accounts,
  provider_agent_id text NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  disabled_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT dialwright_now(),
  UNIQUE (provider_account_id, provider_agent_id)
);
CREATE INDEX agents_workspace_id_idx ON agents (workspace_id);

CREATE TABLE phone_numbers (
  id uuid PRIMARY KEY DEFAULT new_id(),
  workspace_id uuid NOT NULL REFERENCES workspaces,
  provider_account_id uuid NOT NULL REFERENCES provider_accounts,
  phone text NOT NULL CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),
  label text,
  outbound boolean NOT NULL DEFAULT true,
  outbound_agent_id uuid REFERENCES agents,
  concurrency_limit integer CHECK (concurrency_limit BETWEEN 1 AND 100000),
  calls_per_second integer CHECK (calls_per_second BETWEEN 1 AND 10000),
  -- After a capacity refusal: until when no call starts from it, and how long the next refusal would make that. While
  -- backoff_ms is not 0, no call was accepted since, and one call at a time tries.
  backed_off_until timestamptz NOT NULL DEFAULT '-infinity',
  backoff_ms integer NOT NULL DEFAULT 0 CHECK (backoff_ms BETWEEN 0 AND 60000),
  -- How many live calls it may have since the provider refused one; NULL: no such ceiling. And how many calls were
  -- accepted since it was last raised: it rises by one after as many as it allows.
  call_ceiling integer CHECK (call_ceiling >= 1),
  ceiling_accepted integer NOT NULL DEFAULT 0 CHECK (ceiling_accepted >= 0),
  disabled_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT dialwright_now(),
  UNIQUE (provider_account_id, phone)
);
CREATE INDEX phone_numbers_workspace_id_idx ON phone_numbers (workspace_id);

CREATE TABLE batches (
  id uuid PRIMARY KEY DEFAULT new_id(),
  workspace_id uuid NOT NULL REFERENCES workspaces,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  -- TEST: one call to one number, made by the test-call route; takes the same way, is listed when asked for, may use
  -- reserved slots, is dialled once and never changed.
  kind text NOT NULL DEFAULT 'BATCH' CHECK (kind IN ('BATCH', 'TEST')),
  status text NOT NULL DEFAULT 'DRAFT'
    CHECK (status IN ('DRAFT', 'SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED', 'COMPLETED', 'CANCELLED', 'FAILED')),
  -- Why the status is what it is, when a person did not ask for it: shown as it stands.
  status_reason text,
  -- Grows with every change; a wake carries it.
  version integer NOT NULL DEFAULT 1,
  -- Grows with every change of the hours, and with nothing else; openings belong to one hours version.
  hours_version integer NOT NULL DEFAULT 1,
  -- Grows with every batch retry; lanes of an older one claim nothing.
  generation integer NOT NULL DEFAULT 1,
  -- Grows when the run continues as new; waiting lanes of an older one end.
  lane_epoch integer NOT NULL DEFAULT 1,
  from_number_id uuid NOT NULL REFERENCES phone_numbers,
  agent_id uuid NOT NULL REFERENCES agents,
  time_zone text NOT NULL,
  -- NULL in a draft that starts when it is submitted.
  start_at timestamptz,
  "window" jsonb,
  -- Whose clock the window is read by: the batch's zone, or each recipient's own.
  hours_in text NOT NULL DEFAULT 'batch' CHECK (hours_in IN ('batch', 'recipient')),
  -- A recipient whose zone nobody knows: is held, or is called in the batch's zone.
  unknown_zone text NOT NULL DEFAULT 'hold' CHECK (unknown_zone IN ('hold', 'batch')),
  -- Days on which nobody is called: dates, and public holidays as [{"country": "ES", "region": "CT"}].
  blackout_dates jsonb NOT NULL DEFAULT '[]',
  holidays jsonb NOT NULL DEFAULT '[]',
  -- What the calls are for, which decides the lawful hours; NULL: none apply; test: those of every purpose. The
  -- override: name and apiKeyId of the key that has lifted them, at, reason.
  purpose text,
  lawful_override jsonb,
  concurrency_limit integer CHECK (concurrency_limit BETWEEN 1 AND 100000),
  reserved_concurrency integer NOT NULL DEFAULT 0 CHECK (reserved_concurrency >= 0),
  calls_per_second integer CHECK (calls_per_second BETWEEN 1 AND 10000),
  max_attempts integer NOT NULL DEFAULT 1 CHECK (max_attempts BETWEEN 1 AND 20),
  retry_policy jsonb NOT NULL DEFAULT '{}',
  -- NULL: the provider's analysis decides; {"minimumDurationMs": n}: an answered call of at least that length.
  success_criterion jsonb,
  -- Shares above which the batch pauses by itself: domain/batches/circuit-breakers.ts.
  breakers jsonb NOT NULL DEFAULT '{}',
  -- Calls that ended before it do not count for the breakers: raised when the batch is started or resumed.
  breakers_since timestamptz,
  -- Rows that still have to follow the batch row: cancel and retry move recipients in chunks.
  chunk_work text CHECK (chunk_work IN ('CANCEL', 'CANCEL_AND_HANG_UP', 'RETRY', 'RETRY_CANCELLED')),
  -- The newest version for which a wake was sent and which the run has not looked at yet.
  wake_sent_version integer,
  wake_sent_at timestamptz,
  -- When the sweeper last looked whether the run is there, and the ended run it has dealt with.
  run_checked_at timestamptz,
  run_handled text,
  -- Since when there is claimable work and no lane.
  unanswered_since timestamptz,
  -- How many times in a row a claimed call could not be sent, and until when no further one is claimed because of it.
  unsent_count integer NOT NULL DEFAULT 0,
  unsent_until timestamptz,
  openings_until timestamptz,
  -- The version of the time zone data by which they were computed; newer data replaces them.
  zone_data text,
  submitted_at timestamptz,
  started_at timestamptz,
  finished_at timestamptz,
  deleted_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT dialwright_now(),
  CHECK (status = 'DRAFT' OR deleted_at IS NOT NULL OR ("window" IS NOT NULL AND start_at IS NOT NULL))
);
CREATE INDEX batches_workspace_id_created_at_idx ON batches (workspace_id, created_at DESC, id DESC)
  WHERE deleted_at IS NULL AND kind = 'BATCH';
-- Deleted ones too: they count for the pace of test calls.
CREATE INDEX batches_test_calls_idx ON batches (workspace_id, created_at DESC, id DESC) WHERE kind = 'TEST';
CREATE INDEX batches_running_idx ON batches (workspace_id) WHERE status = 'RUNNING';
CREATE INDEX batches_open_idx ON batches (run_checked_at) WHERE status IN ('SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED');
CREATE INDEX batches_chunk_work_idx ON batches (id) WHERE chunk_work IS NOT NULL;

CREATE TABLE openings (
  batch_id uuid NOT NULL REFERENCES batches,
  hours_version integer NOT NULL,
  -- The zones in which it must be open, sorted and joined by '|'; '' stands for the batch's own; '?', unknown, never
  -- opens.
  zone_set text NOT NULL DEFAULT '',
  opens_at timestamptz NOT NULL,
  closes_at timestamptz NOT NULL,
  PRIMARY KEY (batch_id, hours_version, zone_set, opens_at),
  CHECK (opens_at < closes_at)
);

-- The zone sets that the recipients of a batch have: those whose openings are written. Kept by a trigger on
-- recipient_states.
CREATE TABLE batch_zones (
  batch_id uuid NOT NULL REFERENCES batches,
  zone_set text NOT NULL,
  PRIMARY KEY (batch_id, zone_set)
);

CREATE TABLE imports (
  id uuid PRIMARY KEY DEFAULT new_id(),
  workspace_id uuid NOT NULL REFERENCES workspaces,
  batch_id uuid NOT NULL REFERENCES batches,
  file_name text NOT NULL,
  status text NOT NULL DEFAULT 'RECEIVING'
    CHECK (status IN ('RECEIVING', 'REVIEW', 'CONFIRMED', 'DISCARDED', 'FAILED')),
  -- What its rows are checked by: the headers whose cells are kept, in file order, and the country of numbers without
  -- a +.
  headers jsonb NOT NULL DEFAULT '[]',
  default_country text,
  -- Who may fill it, and when they were last seen: an upload that is begun again gets another token, and the earlier
  -- one ends.
  upload_token uuid NOT NULL DEFAULT gen_random_uuid(),
  heartbeat_at timestamptz NOT NULL DEFAULT dialwright_now(),
  -- True from the confirm until its last accepted row has become a recipient.
  rows_outstanding boolean NOT NULL DEFAULT false,
  -- How many have, and the number of the last of them: the next chunk begins there.
  moved_rows integer NOT NULL DEFAULT 0,
  moved_through integer NOT NULL DEFAULT 0,
  -- While RECEIVING: as far as it was read half a second ago.
  total_rows integer NOT NULL DEFAULT 0,
  accepted_rows integer NOT NULL DEFAULT 0,
  rejected_rows integer NOT NULL DEFAULT 0,
  warnings jsonb NOT NULL DEFAULT '[]',
  error jsonb,
  created_at timestamptz NOT NULL DEFAULT dialwright_now(),
  confirmed_at timestamptz,
  CHECK (NOT rows_outstanding OR status = 'CONFIRMED')
);
CREATE INDEX imports_batch_id_idx ON imports (batch_id);
CREATE INDEX imports_outstanding_idx ON imports (id) WHERE rows_outstanding;
CREATE INDEX imports_receiving_idx ON imports (heartbeat_at) WHERE status = 'RECEIVING';

-- Rows of an import that are not recipients: accepted ones until the confirm, rejected ones for good. No foreign key:
-- it would cost a quarter of an upload, and only the functions that write an import write here. json, not jsonb, which
-- takes twice as long to load: a row is read once, when it becomes a recipient.
CREATE TABLE import_rows (
  import_id uuid NOT NULL,
  row_number integer NOT NULL,
  accepted boolean NOT NULL,
  -- An accepted row: what becomes the recipient. A rejected row: cells by header.
  content json NOT NULL,
  problems json NOT NULL DEFAULT '[]',
  PRIMARY KEY (import_id, accepted, row_number)
);

-- What was uploaded about a person; does not change while the batch runs.
CREATE TABLE recipients (
  id uuid PRIMARY KEY DEFAULT new_id(),
  batch_id uuid NOT NULL REFERENCES batches,
  import_id uuid REFERENCES imports,
  -- Order of arrival, over all batches.
  ordinal bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  phone text NOT NULL CHECK (phone ~ '^\+?[0-9]{3,32}$'),
  name text,
  variables jsonb NOT NULL DEFAULT '{}',
  metadata jsonb NOT NULL DEFAULT '{}',
  sip_headers jsonb NOT NULL DEFAULT '{}',
  skip_phone_check boolean NOT NULL DEFAULT false,
  override_agent_id text,
  override_agent_version text,
  time_zone text,
  created_at timestamptz NOT NULL DEFAULT dialwright_now()
);
CREATE INDEX recipients_batch_id_phone_idx ON recipients (batch_id, phone);

-- Where a recipient stands: narrow, because the claim reads and writes it.
CREATE TABLE recipient_states (
  recipient_id uuid PRIMARY KEY,
  batch_id uuid NOT NULL,
  ordinal bigint NOT NULL,
  -- The text that is dialled, and the number that it rings: one key for every spelling of a number.
  phone text NOT NULL,
  phone_key text NOT NULL,
  zone_set text NOT NULL DEFAULT '',
  state text NOT NULL DEFAULT 'WAITING' CHECK (state IN
    ('WAITING', 'IN_PROGRESS', 'COMPLETED', 'NO_ANSWER', 'FAILED', 'CANCELLED', 'SUPPRESSED', 'UNCERTAIN')),
  -- Ours: when the next call may be made at the earliest.
  due_at timestamptz NOT NULL DEFAULT '-infinity',
  -- The customer's; never overwritten.
  not_before timestamptz,
  not_after timestamptz,
  wait_reason text,
  attempt_count integer NOT NULL DEFAULT 0,
  -- Attempts that count against the batch's max_attempts since the last batch retry.
  attempts_spent integer NOT NULL DEFAULT 0,
  last_attempt_id uuid,
  last_outcome text,
  last_error text,
  generation integer NOT NULL DEFAULT 1
);
CREATE INDEX recipient_states_claim_idx ON recipient_states (batch_id, zone_set, due_at, ordinal)
  WHERE state = 'WAITING';
CREATE INDEX recipient_states_in_progress_idx ON recipient_states (batch_id, due_at) WHERE state = 'IN_PROGRESS';
CREATE INDEX recipient_states_batch_id_state_ordinal_idx ON recipient_states (batch_id, state, ordinal);
CREATE INDEX recipient_states_batch_id_ordinal_idx ON recipient_states (batch_id, ordinal);
CREATE FUNCTION note_batch_zones() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  WITH added AS (
    INSERT INTO batch_zones SELECT DISTINCT batch_id, zone_set FROM inserted ON CONFLICT DO NOTHING RETURNING batch_id)
  -- Their openings have to be written; until they are, nobody in them is called.
  UPDATE batches SET openings_until = NULL WHERE id IN (SELECT batch_id FROM added) AND openings_until IS NOT NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER recipient_states_zones AFTER INSERT ON recipient_states REFERENCING NEW TABLE AS inserted
  FOR EACH STATEMENT EXECUTE FUNCTION note_batch_zones();

-- What was counted of a large batch, and when: counting a million takes too long for every look. Small batches have
-- none.
CREATE TABLE batch_counts (
  batch_id uuid PRIMARY KEY REFERENCES batches,
  counts jsonb NOT NULL,
  -- The batch's when counting began: with another one, somebody has changed more than calls do.
  version integer NOT NULL,
  counted_at timestamptz NOT NULL,
  took_ms integer NOT NULL
);

CREATE INDEX recipient_states_expiry_idx ON recipient_states (not_after)
  WHERE state = 'WAITING' AND not_after IS NOT NULL;

CREATE TABLE attempts (
  -- The reference at the provider, in its public form.
  id uuid PRIMARY KEY DEFAULT new_id(),
  workspace_id uuid NOT NULL REFERENCES workspaces,
  batch_id uuid NOT NULL REFERENCES batches,
  recipient_id uuid NOT NULL REFERENCES recipients,
  provider_account_id uuid NOT NULL REFERENCES provider_accounts,
  from_number_id uuid NOT NULL REFERENCES phone_numbers,
  phone text NOT NULL,
  phone_key text NOT NULL,
  number integer NOT NULL,
  generation integer NOT NULL,
  state text NOT NULL DEFAULT 'DIALING'
    CHECK (state IN ('DIALING', 'IN_PROGRESS', 'ENDED', 'UNCERTAIN', 'RELEASED', 'NOT_PLACED')),
  outcome text CHECK (outcome IN ('ANSWERED', 'VOICEMAIL', 'NO_ANSWER', 'BUSY', 'DECLINED', 'INVALID_NUMBER',
    'UNREACHABLE', 'PROVIDER_ERROR', 'AGENT_ERROR', 'CANCELLED', 'UNCERTAIN')),
  -- The provider's own word, or why the call was released, refused or is uncertain.
  end_reason text,
  by_verdict boolean NOT NULL DEFAULT false,
  -- Why the provider would not take it now, when that was not the recipient's doing: nothing was spent.
  deferral text CHECK (deferral IN ('capacity', 'payment', 'permission')),
  -- Workflow id / run id / activity id of the lane that claimed it.
  claim_key text NOT NULL UNIQUE,
  dial_token uuid NOT NULL,
  -- A slot is this row: counted, never kept as a number.
  slot_held boolean NOT NULL DEFAULT true,
  -- Live beside a newer attempt of the same recipient or number.
  displaced boolean NOT NULL DEFAULT false,
  spends_attempt boolean NOT NULL DEFAULT true,
  dialing_at timestamptz NOT NULL,
  dial_deadline timestamptz NOT NULL,
  hard_end_at timestamptz NOT NULL,
  accepted_at timestamptz,
  ended_at timestamptz,
  duration_ms integer,
  successful boolean,
  details jsonb,
  provider_call_id text,
  -- When the settler looks at it next; NULL when there is nothing to settle.
  settle_at timestamptz,
  absent_count integer NOT NULL DEFAULT 0,
  absent_at timestamptz,
  -- The settle delay by which the first absence was counted: a shorter one later does not hurry the second.
  absent_delay_ms integer,
  -- The account's when it was claimed: an absence that is seen under another is no evidence.
  identity_version integer NOT NULL DEFAULT 1,
  -- Asked for by a person, a cancel or a second live call; the settler does it.
  hang_up_asked_at timestamptz,
  UNIQUE (provider_account_id, provider_call_id),
  CHECK ((state = 'ENDED') = (outcome IS NOT NULL)),
  -- A verdict ends an attempt, but its call may still be live: its slot stays held until the hard end.
  CHECK (NOT slot_held OR by_verdict OR state IN ('DIALING', 'IN_PROGRESS', 'UNCERTAIN'))
);
CREATE UNIQUE INDEX attempts_one_live_call_per_phone ON attempts (workspace_id, phone_key)
  WHERE slot_held AND NOT displaced;
CREATE UNIQUE INDEX attempts_one_live_call_per_recipient ON attempts (recipient_id) WHERE slot_held AND NOT displaced;
CREATE INDEX attempts_slots_idx ON attempts (workspace_id, batch_id) WHERE slot_held;
CREATE INDEX attempts_settle_at_idx ON attempts (settle_at) WHERE settle_at IS NOT NULL;
CREATE INDEX attempts_recipient_id_idx ON attempts (recipient_id);
CREATE INDEX attempts_batch_id_dialing_at_idx ON attempts (batch_id, dialing_at);
-- A pace token is an attempt's dialing_at: counted over the last second, never kept apart, so it cannot drift. The
-- workspace comes last, so that no plan without statistics takes these for the slots of a workspace.
CREATE INDEX attempts_dialing_at_workspace_id_idx ON attempts (dialing_at, workspace_id);
CREATE INDEX attempts_phone_key_workspace_id_dialing_at_idx ON attempts (phone_key, workspace_id, dialing_at);

-- What providers told, kept as told; an attempt's state is a fold over its facts, so their order does not matter.
CREATE TABLE call_events (
  id uuid PRIMARY KEY DEFAULT new_id(),
  -- Its account's. No foreign key: each event would lock the workspace's row.
  workspace_id uuid NOT NULL,
  provider_account_id uuid NOT NULL REFERENCES provider_accounts,
  event_key text NOT NULL,
  attempt_id uuid REFERENCES attempts,
  kind text NOT NULL CHECK (kind IN ('STARTED', 'ENDED', 'ANALYZED')),
  provider_call_id text NOT NULL,
  reference uuid,
  occurred_at timestamptz NOT NULL,
  outcome text,
  end_reason text,
  duration_ms integer,
  successful boolean,
  deferral text CHECK (deferral IN ('capacity', 'payment', 'permission')),
  details jsonb NOT NULL DEFAULT '{}',
  received_at timestamptz NOT NULL DEFAULT dialwright_now(),
  UNIQUE (provider_account_id, event_key)
);
-- Not those without: a planner that has seen no stray would look for one here, among all of them.
CREATE INDEX call_events_attempt_id_idx ON call_events (attempt_id) WHERE attempt_id IS NOT NULL;
CREATE INDEX call_events_stray_idx ON call_events (provider_account_id, provider_call_id) WHERE attempt_id IS NULL;

-- Which processes have lanes waiting for which batch; the sweeper says from what age one counts as not seen.
CREATE TABLE lane_demand (
  batch_id uuid NOT NULL REFERENCES batches,
  workspace_id uuid NOT NULL,
  process text NOT NULL,
  lanes integer NOT NULL,
  -- How many more calls it could start if it had slots for them: what the sharing of slots goes by.
  wants integer NOT NULL DEFAULT 0,
  seen_at timestamptz NOT NULL,
  PRIMARY KEY (batch_id, process)
);

CREATE TABLE suppressions (
  id uuid PRIMARY KEY DEFAULT new_id(),
  workspace_id uuid NOT NULL REFERENCES workspaces,
  phone text NOT NULL,
  phone_key text NOT NULL,
  reason text,
  created_at timestamptz NOT NULL DEFAULT dialwright_now(),
  UNIQUE (workspace_id, phone_key)
);
CREATE INDEX suppressions_workspace_id_created_at_id_idx ON suppressions (workspace_id, created_at, id);

CREATE TABLE idempotency_keys (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  key text NOT NULL,
  operation text NOT NULL,
  body_hash text NOT NULL,
  -- NULL while the first request is being answered, or its process died.
  status integer,
  response jsonb,
  locked_at timestamptz NOT NULL DEFAULT dialwright_now(),
  created_at timestamptz NOT NULL DEFAULT dialwright_now(),
  PRIMARY KEY (workspace_id, key)
);
CREATE INDEX idempotency_keys_created_at_idx ON idempotency_keys (created_at);

CREATE TABLE audit_events (
  id uuid PRIMARY KEY DEFAULT new_id(),
  workspace_id uuid NOT NULL REFERENCES workspaces,
  batch_id uuid REFERENCES batches,
  attempt_id uuid REFERENCES attempts,
  -- An API key's id, 'temporal' for a signal made by hand, or 'dialwright'.
  actor text NOT NULL,
  action text NOT NULL,
  -- Makes a command that is repeated apply once.
  command_id text UNIQUE,
  applied boolean NOT NULL DEFAULT true,
  detail jsonb NOT NULL DEFAULT '{}',
  at timestamptz NOT NULL DEFAULT dialwright_now()
);
CREATE INDEX audit_events_batch_id_at_idx ON audit_events (batch_id, at);

-- When an API process last said that it takes webhooks: one row, written at most twice a second by all together.
CREATE TABLE api_heartbeat (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  heard_at timestamptz NOT NULL
);

-- Accounts whose webhooks may have been missed: their live calls that started before missed_until are looked up at
-- once, spread over spread_ms. One row an account.
CREATE TABLE webhook_gaps (
  provider_account_id uuid PRIMARY KEY REFERENCES provider_accounts,
  missed_until timestamptz NOT NULL,
  spread_ms integer NOT NULL CHECK (spread_ms > 0),
  -- Whether looks still have to be moved.
  is_open boolean NOT NULL DEFAULT true
);
CREATE INDEX webhook_gaps_open_idx ON webhook_gaps (provider_account_id) WHERE is_open;
