-- Figures of calls by quarters of an hour: how many calls that began in it were sent, ended how, were successful. They
-- are kept exactly: each change of an attempt writes by how much it changes them, in its own transaction, and
-- `add_figures` adds what was written. Nothing is counted again, whenever a fact comes.
CREATE TABLE batch_figures (
  batch_id uuid NOT NULL,
  bucket_at timestamptz NOT NULL,
  measure text NOT NULL,
  value bigint NOT NULL,
  PRIMARY KEY (batch_id, bucket_at, measure)
);
-- The same of all batches of a workspace together.
CREATE TABLE workspace_figures (
  workspace_id uuid NOT NULL,
  bucket_at timestamptz NOT NULL,
  measure text NOT NULL,
  value bigint NOT NULL,
  PRIMARY KEY (workspace_id, bucket_at, measure)
);
-- What was not added yet. No keys: they would lock a row of the batch for each call.
CREATE TABLE figure_changes (
  -- The transaction's. By it a look begins behind what was added, which a long snapshot may keep in the index.
  xid bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
  workspace_id uuid NOT NULL,
  batch_id uuid NOT NULL,
  bucket_at timestamptz NOT NULL,
  measure text NOT NULL,
  change bigint NOT NULL
);
CREATE INDEX figure_changes_xid_idx ON figure_changes (xid);
-- One row: all changes of transactions before it were added. Who adds holds it.
CREATE TABLE figures_cursor (xid bigint PRIMARY KEY);
INSERT INTO figures_cursor VALUES (0);

-- What one attempt counts as. By the quarter of an hour in which its call began, but for ENDED: by the one in which it
-- ended, so that SENT less ENDED are the live calls. A provider's clock that is wrong moves an end no further than the
-- call may last.
CREATE FUNCTION figures_of(a attempts) RETURNS TABLE (bucket_at timestamptz, measure text, value bigint)
LANGUAGE sql STABLE AS $$
  SELECT date_bin('15 minutes', f.at, '2000-01-01 00:00+00'), f.measure, f.value
  FROM (VALUES
    (a.dialing_at, 'SENT', (a.accepted_at IS NOT NULL AND a.spends_attempt)::integer::bigint),
    (least(greatest(a.ended_at, a.dialing_at), a.hard_end_at), 'ENDED',
      (a.accepted_at IS NOT NULL AND a.spends_attempt AND a.state = 'ENDED')::integer::bigint),
    (a.dialing_at, CASE WHEN a.state = 'UNCERTAIN' THEN 'UNCERTAIN' ELSE a.outcome END,
      (a.spends_attempt AND (a.outcome IS NOT NULL OR a.state = 'UNCERTAIN'))::integer::bigint),
    (a.dialing_at, 'SUCCESSFUL', (a.outcome = 'ANSWERED' AND coalesce(a.successful, false))::integer::bigint),
    (a.dialing_at, 'REFUSED', (NOT a.spends_attempt)::integer::bigint),
    (a.dialing_at, 'TALK_MS', CASE WHEN a.outcome = 'ANSWERED' AND a.spends_attempt THEN a.duration_ms END::bigint)
  ) f (at, measure, value)
  WHERE f.value <> 0
$$;
CREATE FUNCTION note_figures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO figure_changes (workspace_id, batch_id, bucket_at, measure, change)
    SELECT NEW.workspace_id, NEW.batch_id, f.bucket_at, f.measure, sum(f.value) FROM (
      SELECT * FROM figures_of(NEW)
      UNION ALL SELECT o.bucket_at, o.measure, -o.value FROM figures_of(OLD) o WHERE TG_OP = 'UPDATE') f
    GROUP BY f.bucket_at, f.measure HAVING sum(f.value) <> 0;
  RETURN NULL;
END $$;
CREATE TRIGGER attempts_figures_of_new AFTER INSERT ON attempts FOR EACH ROW
  WHEN (NEW.accepted_at IS NOT NULL OR NEW.outcome IS NOT NULL OR NEW.state = 'UNCERTAIN' OR NOT NEW.spends_attempt)
  EXECUTE FUNCTION note_figures();
CREATE TRIGGER attempts_figures AFTER UPDATE ON attempts FOR EACH ROW
  WHEN ((OLD.accepted_at IS NULL) <> (NEW.accepted_at IS NULL) OR OLD.state <> NEW.state
    OR OLD.spends_attempt <> NEW.spends_attempt
    OR (OLD.outcome, OLD.successful, OLD.ended_at, OLD.duration_ms)
      IS DISTINCT FROM (NEW.outcome, NEW.successful, NEW.ended_at, NEW.duration_ms))
  EXECUTE FUNCTION note_figures();

-- Calls of before.
INSERT INTO figure_changes (workspace_id, batch_id, bucket_at, measure, change)
  SELECT a.workspace_id, a.batch_id, f.bucket_at, f.measure, sum(f.value) FROM attempts a, figures_of(a) f
  GROUP BY 1, 2, 3, 4;
