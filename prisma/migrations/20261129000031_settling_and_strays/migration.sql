-- The settler looks account by account, so that no backlog of one stands before the others; calls to hang up first.
CREATE INDEX attempts_unsettled_idx ON attempts (provider_account_id, (hang_up_asked_at IS NULL), settle_at)
  WHERE settle_at IS NOT NULL;
DROP INDEX attempts_settle_at_idx;
-- Attempts whose hard end is still to be written down: that needs no provider.
CREATE INDEX attempts_hard_end_at_idx ON attempts (hard_end_at)
  WHERE settle_at IS NOT NULL AND (slot_held OR by_verdict OR state <> 'UNCERTAIN');
-- Attempts that an event without our reference may belong to: open ones, then the others by when they were over.
CREATE INDEX attempts_without_call_id_idx
  ON attempts (provider_account_id, (settle_at IS NULL), (coalesce(ended_at, hard_end_at)))
  WHERE provider_call_id IS NULL;
-- Strays are matched while they are new, and removed when they are old. Usable only where the time is asked for in
-- these words: a planner that has seen few strays would look here for those of one call.
CREATE INDEX call_events_stray_received_at_idx ON call_events (received_at)
  WHERE attempt_id IS NULL AND received_at > '-infinity';
