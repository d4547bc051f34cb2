-- The emergency stop: while it is on, no call of the workspace starts. Setting what is set already keeps its time, but
-- a higher role takes it over. A stop is lifted by the role that set it or by a higher one; one that was set by hand in
-- the database, of which stopped_by says nothing, by an admin. A command id that was seen already changes nothing.
-- Recorded is what changes something, and a lift that is refused. Of what changes nothing only the command is kept.
-- p_by: actor, role and reason of who asks. needs_role: the role that a lift was refused for; batch_ids: the
-- batches whose runs have to look again.
CREATE OR REPLACE FUNCTION stop_workspace(p_workspace uuid, p_stopped boolean, p_by jsonb, p_command_id text,
  OUT needs_role text, OUT batch_ids uuid[]) LANGUAGE plpgsql AS $$
DECLARE
  ranks CONSTANT text[] := ARRAY['viewer', 'operator', 'admin'];
  rank integer := coalesce(array_position(ranks, p_by ->> 'role'), 0);
  w workspaces;
  holder text := 'admin';
  since timestamptz;
BEGIN
  PERFORM lock_workspace(p_workspace);
  SELECT c.answer ->> 'needsRole' INTO needs_role FROM commands c WHERE c.command_id = p_command_id;
  IF NOT FOUND THEN
    SELECT * INTO w FROM workspaces WHERE id = p_workspace FOR NO KEY UPDATE;
    IF (w.stopped_by ->> 'at')::timestamptz = w.stopped_at AND w.stopped_by ->> 'role' = ANY (ranks) THEN
      holder := w.stopped_by ->> 'role';
    END IF;
    IF p_stopped THEN
      since := coalesce(w.stopped_at, dialwright_now());
      UPDATE workspaces
        SET stopped_at = since,
          stopped_by = jsonb_build_object('apiKeyId', p_by #> '{actor,id}', 'name', p_by #> '{actor,name}',
            'role', p_by -> 'role', 'reason', p_by -> 'reason', 'at', since)
        WHERE id = p_workspace AND (stopped_at IS NULL OR rank > array_position(ranks, holder));
    ELSE
      needs_role := CASE WHEN w.stopped_at IS NOT NULL AND rank < array_position(ranks, holder) THEN holder END;
      UPDATE workspaces SET stopped_at = NULL, stopped_by = NULL
        WHERE id = p_workspace AND stopped_at IS NOT NULL AND needs_role IS NULL;
    END IF;
    IF FOUND OR needs_role IS NOT NULL THEN
      PERFORM record_audit(p_workspace, p_by -> 'actor', CASE WHEN p_stopped THEN 'emergency stop'
        ELSE 'lift emergency stop' END, jsonb_build_object('commandId', p_command_id, 'applied', needs_role IS NULL,
        'target', jsonb_build_object('kind', 'workspace', 'id', p_workspace),
        'detail', jsonb_build_object('reason', p_by -> 'reason')
          || CASE WHEN needs_role IS NULL THEN '{}' ELSE jsonb_build_object('needsRole', needs_role) END,
        'answer', jsonb_build_object('needsRole', needs_role)));
    ELSIF p_command_id IS NOT NULL THEN
      PERFORM note_command(p_command_id, p_workspace, false, '{}');
    END IF;
    PERFORM notify_lanes(p_workspace);
  END IF;
  batch_ids := ARRAY(SELECT b.id FROM batches b
    WHERE b.workspace_id = p_workspace AND b.status IN ('SCHEDULED', 'PENDING', 'RUNNING') AND b.deleted_at IS NULL);
END $$;
