-- Takes waiting recipients out of a batch: the given ones, or those of an import; at most p_limit in one call. Those
-- who were never called are deleted, the others become CANCELLED and keep their attempts. Attempts without a call stay
-- behind without what was uploaded about their recipient: should there be a call after all, its evidence finds them. A
-- recipient that a claim is taking at this instant stays. result: REMOVED, NOT_FOUND or NOT_ALLOWED; removed says how
-- many: repeat while it is p_limit.
CREATE OR REPLACE FUNCTION remove_recipients(p_workspace uuid, p_batch uuid, p_from text[], p_recipients uuid[],
  p_import uuid, p_limit integer,
  OUT result text, OUT status text, OUT version integer, OUT removed integer) LANGUAGE plpgsql AS $$
DECLARE
  ids uuid[];
  called uuid[];
BEGIN
  removed := 0;
  SELECT b.status, b.version INTO status, version FROM batches b
    WHERE id = p_batch AND workspace_id = p_workspace AND deleted_at IS NULL FOR NO KEY UPDATE;
  IF NOT FOUND THEN result := 'NOT_FOUND'; RETURN; END IF;
  IF NOT status = ANY (p_from) THEN result := 'NOT_ALLOWED'; RETURN; END IF;
  result := 'REMOVED';
  SELECT array_agg(recipient_id) INTO ids FROM (SELECT s.recipient_id FROM recipient_states s
    WHERE s.batch_id = p_batch AND s.state = 'WAITING' AND (p_recipients IS NULL OR s.recipient_id = ANY (p_recipients))
      AND (p_import IS NULL OR EXISTS (SELECT FROM recipients r WHERE r.id = s.recipient_id AND r.import_id = p_import))
    LIMIT p_limit FOR NO KEY UPDATE OF s SKIP LOCKED) chosen;
  removed := coalesce(cardinality(ids), 0);
  IF removed = 0 THEN RETURN; END IF;
  called := ARRAY(SELECT s.recipient_id FROM recipient_states s
    WHERE s.recipient_id = ANY (ids) AND s.attempt_count > 0 AND calls_of(s) > 0);
  UPDATE recipient_states s SET state = 'CANCELLED', wait_reason = NULL, last_error = 'REMOVED'
    WHERE s.recipient_id = ANY (called);
  DELETE FROM recipient_states s WHERE s.recipient_id = ANY (ids) AND s.recipient_id <> ALL (called);
  DELETE FROM recipients r WHERE r.id = ANY (ids) AND NOT EXISTS (SELECT FROM attempts a WHERE a.recipient_id = r.id);
  UPDATE recipients r SET import_id = NULL, name = NULL, variables = '{}', metadata = '{}', sip_headers = '{}',
    override_agent_id = NULL, override_agent_version = NULL, time_zone = NULL, original_phone = NULL
    WHERE r.id = ANY (ids) AND r.id <> ALL (called);
  UPDATE batches b SET version = b.version + 1 WHERE id = p_batch RETURNING b.version INTO version;
  PERFORM notify_lanes(p_workspace);
END $$;
