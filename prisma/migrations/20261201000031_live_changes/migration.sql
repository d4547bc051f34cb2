-- When things last changed, for clients that listen: one row a thing, written by what changes the thing while it holds
-- the thing's own row, so that nobody waits for another here. Who listens hears it when the change is committed.
CREATE TABLE live_changes (
  workspace_id uuid NOT NULL,
  -- calls: calls of a batch have changed its figures.
  kind text NOT NULL CHECK (kind IN ('batch', 'calls', 'import', 'workspace', 'phoneNumber', 'agent',
    'providerAccount')),
  id uuid NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (kind, id)
);
CREATE INDEX live_changes_workspace_id_changed_at_idx ON live_changes (workspace_id, changed_at);

-- The time is written once in ten seconds: a batch that calls changes four times a second, and while a snapshot is kept
-- each writing would leave an index entry behind. Who asks what has changed since a time asks for some seconds more.
CREATE FUNCTION note_change_of(p_workspace uuid, p_kind text, p_id uuid) RETURNS void LANGUAGE sql AS $$
  INSERT INTO live_changes AS c VALUES (p_workspace, p_kind, p_id, dialwright_now())
    ON CONFLICT (kind, id) DO UPDATE SET changed_at = excluded.changed_at
      WHERE c.changed_at < excluded.changed_at - interval '10 seconds' OR c.changed_at > excluded.changed_at;
  SELECT pg_notify('dialwright_changes', concat_ws(' ', p_workspace, p_kind, p_id));
$$;
CREATE FUNCTION note_live_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM note_change_of(CASE WHEN TG_ARGV[0] = 'workspace' THEN NEW.id
    ELSE (to_jsonb(NEW) ->> 'workspace_id')::uuid END, TG_ARGV[0], NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER batches_live_new AFTER INSERT ON batches FOR EACH ROW
  EXECUTE FUNCTION note_live_change('batch');
CREATE TRIGGER batches_live AFTER UPDATE ON batches FOR EACH ROW
  WHEN ((OLD.version, OLD.status, OLD.status_reason, OLD.deleted_at, OLD.chunk_work)
    IS DISTINCT FROM (NEW.version, NEW.status, NEW.status_reason, NEW.deleted_at, NEW.chunk_work))
  EXECUTE FUNCTION note_live_change('batch');
CREATE TRIGGER imports_live_new AFTER INSERT ON imports FOR EACH ROW EXECUTE FUNCTION note_live_change('import');
CREATE TRIGGER imports_live AFTER UPDATE ON imports FOR EACH ROW
  WHEN (OLD.heartbeat_at = NEW.heartbeat_at OR (OLD.status, OLD.total_rows, OLD.accepted_rows, OLD.rejected_rows)
    IS DISTINCT FROM (NEW.status, NEW.total_rows, NEW.accepted_rows, NEW.rejected_rows))
  EXECUTE FUNCTION note_live_change('import');
CREATE TRIGGER workspaces_live AFTER UPDATE ON workspaces FOR EACH ROW
  EXECUTE FUNCTION note_live_change('workspace');
CREATE TRIGGER phone_numbers_live AFTER INSERT OR UPDATE ON phone_numbers FOR EACH ROW
  EXECUTE FUNCTION note_live_change('phoneNumber');
CREATE TRIGGER agents_live AFTER INSERT OR UPDATE ON agents FOR EACH ROW EXECUTE FUNCTION note_live_change('agent');
CREATE TRIGGER provider_accounts_live AFTER INSERT OR UPDATE ON provider_accounts FOR EACH ROW
  EXECUTE FUNCTION note_live_change('providerAccount');

-- Whoever may have lost the right to listen: streams of the person, or of the workspace, are looked at again.
CREATE FUNCTION note_access_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  whose text := CASE TG_TABLE_NAME WHEN 'sessions' THEN to_jsonb(OLD) #>> '{sess,personId}'
    WHEN 'people' THEN to_jsonb(OLD) ->> 'id' WHEN 'second_factors' THEN to_jsonb(coalesce(NEW, OLD)) ->> 'person_id'
    ELSE to_jsonb(OLD) ->> 'workspace_id' END;
BEGIN
  IF whose IS NOT NULL THEN PERFORM pg_notify('dialwright_changes', concat_ws(' ', whose, 'access')); END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER sessions_access AFTER DELETE ON sessions FOR EACH ROW EXECUTE FUNCTION note_access_change();
CREATE TRIGGER sessions_access_changed AFTER UPDATE ON sessions FOR EACH ROW WHEN (OLD.sess <> NEW.sess)
  EXECUTE FUNCTION note_access_change();
CREATE TRIGGER members_access AFTER DELETE ON members FOR EACH ROW EXECUTE FUNCTION note_access_change();
CREATE TRIGGER members_access_changed AFTER UPDATE ON members FOR EACH ROW WHEN (OLD.role <> NEW.role)
  EXECUTE FUNCTION note_access_change();
CREATE TRIGGER people_access AFTER UPDATE ON people FOR EACH ROW
  WHEN (OLD.sign_in_epoch <> NEW.sign_in_epoch) EXECUTE FUNCTION note_access_change();
CREATE TRIGGER second_factors_access AFTER INSERT OR UPDATE OR DELETE ON second_factors FOR EACH ROW
  EXECUTE FUNCTION note_access_change();
CREATE TRIGGER api_keys_access AFTER UPDATE ON api_keys FOR EACH ROW
  WHEN ((OLD.revoked_at, OLD.expires_at) IS DISTINCT FROM (NEW.revoked_at, NEW.expires_at))
  EXECUTE FUNCTION note_access_change();
