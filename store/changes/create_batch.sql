-- Makes a batch with its recipients and openings: all of it, or nothing, in one statement. Nobody sees the batch before
-- the commit, so W comes last: thousands of recipients are inserted without it. Under it, rule packs that are chosen
-- from here on find this batch, and plan it again. p_batch: {id, workspaceId, actor, kind, status, settings (by their
-- names: with_settings), auditDetail, openings}; p_recipients as insert_recipients takes them. openings are left out
-- when the rule packs that they were planned for (rulePacksVersion) are others by now: the sweeper writes them. Safe to
-- repeat with an id: a batch that is there already is the one that an earlier try of this request made.
CREATE OR REPLACE FUNCTION create_batch(p_batch jsonb, p_recipients jsonb) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
  workspace uuid := p_batch ->> 'workspaceId';
  settings jsonb := p_batch -> 'settings';
  t timestamptz := dialwright_now();
  b batches;
BEGIN
  INSERT INTO batches (id, workspace_id, kind, name, from_number_id, agent_id, time_zone)
    VALUES (coalesce((p_batch ->> 'id')::uuid, new_id()), workspace, coalesce(p_batch ->> 'kind', 'BATCH'),
      settings ->> 'name', (settings ->> 'fromNumberId')::uuid, (settings ->> 'agentId')::uuid, settings ->> 'timeZone')
    ON CONFLICT (id) DO NOTHING
    RETURNING * INTO b;
  IF b.id IS NULL THEN RETURN (p_batch ->> 'id')::uuid; END IF;
  b := with_settings(b, settings);
  IF p_batch ->> 'status' = 'SCHEDULED' THEN
    b.status := 'SCHEDULED';
    b.submitted_at := t;
    b.start_at := coalesce(b.start_at, t);
    b.status_changed_at := t;
    b.status_changed_by := shown_actor(p_batch -> 'actor');
  END IF;
  PERFORM write_batch(b, 'DRAFT');
  PERFORM insert_recipients(b.id, NULL, p_recipients);
  PERFORM record_audit(workspace, p_batch -> 'actor', CASE WHEN b.kind = 'TEST' THEN 'test call' ELSE 'create' END,
    jsonb_build_object('batchId', b.id, 'target', jsonb_build_object('kind', 'batch', 'id', b.id),
      'after', changed_fields('{}', jsonb_strip_nulls(to_jsonb(b))) -> 'after',
      'detail', jsonb_strip_nulls(jsonb_build_object('lawfulOverride', settings -> 'lawfulOverride')
        || coalesce(p_batch -> 'auditDetail', '{}'))));
  IF p_batch ? 'openings' THEN
    PERFORM lock_workspace(workspace);
    IF (p_batch #>> '{openings,rulePacksVersion}')::integer
      = (SELECT rule_packs_version FROM workspaces WHERE id = workspace) THEN
      PERFORM write_openings(b.id, 1, p_batch -> 'openings');
    END IF;
  END IF;
  RETURN b.id;
END $$;
