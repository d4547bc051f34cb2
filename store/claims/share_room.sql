-- Shares what the workspace has left among the batches that have lanes waiting here or were seen waiting elsewhere.
-- Test calls come first, because a person waits for each. Of what they leave, each start goes to the batch that then
-- holds the fewest slots, among equals to the one that has waited longest since its last dial. That is max-min sharing
-- over time, without taking a live call from anybody.
--
-- p_room: what room_of_workspace gave. p_asks: a list of {batchId, wants, couldStart}. Returns how many calls are each
-- batch's share, by its id. All shares together are no more than the room. Hash joins are on, also inside a claim: a
-- workspace may have a thousand batches.
CREATE OR REPLACE FUNCTION share_room(p_workspace uuid, p_now timestamptz, p_room jsonb, p_asks jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
  SET enable_incremental_sort = off SET enable_hashjoin = on SET jit = off AS $$
BEGIN
  -- A batch that is alone gets what it could start.
  IF jsonb_array_length(p_asks) = 1 AND NOT EXISTS (SELECT FROM lane_demand d WHERE d.workspace_id = p_workspace
    AND d.wants > 0 AND is_lane_seen(d, p_now - interval '2 s') AND d.batch_id <> (p_asks #>> '{0,batchId}')::uuid)
  THEN
    RETURN jsonb_build_object(p_asks #>> '{0,batchId}', p_asks #> '{0,couldStart}');
  END IF;
  RETURN (
    WITH asks AS (
      SELECT a."batchId" AS batch_id, a.wants, a."couldStart" AS could_start, b.kind
        FROM jsonb_to_recordset(p_asks) AS a ("batchId" uuid, wants integer, "couldStart" integer)
        JOIN batches b ON b.id = a."batchId"),
    contenders AS (
      SELECT batch_id, wants, kind FROM asks WHERE wants > 0
      UNION ALL
      SELECT d.batch_id, max(d.wants), b.kind FROM lane_demand d JOIN batches b ON b.id = d.batch_id
        WHERE d.workspace_id = p_workspace AND b.status = 'RUNNING'
          AND d.wants > 0 AND is_lane_seen(d, p_now - interval '2 s')
          AND d.batch_id NOT IN (SELECT batch_id FROM asks)
          -- A test call wants one start: it is over with its claim, whatever its lane was last seen to want.
          AND (b.kind = 'BATCH' OR unsettled_state(d.batch_id) = 'WAITING')
        GROUP BY d.batch_id, b.kind),
    tests AS (
      SELECT batch_id, wants, sum(wants) OVER (ORDER BY batch_id) - wants AS taken_before
        FROM contenders WHERE kind = 'TEST'),
    room AS (
      SELECT least((p_room ->> 'all_slots')::integer, (p_room ->> 'starts')::integer) AS for_tests,
          least((p_room ->> 'batch_slots')::integer, (p_room ->> 'starts')::integer)
            - coalesce((SELECT sum(wants) FROM tests), 0) AS for_batches),
    held AS (
      SELECT batch AS batch_id, sum(live) AS slots
        FROM jsonb_to_recordset(p_room -> 'held') AS h (batch uuid, live integer) GROUP BY batch),
    placed AS (
      SELECT c.batch_id,
          row_number() OVER (ORDER BY coalesce(h.slots, 0) + unit, last.dial NULLS FIRST, c.batch_id) AS place
        FROM room CROSS JOIN contenders c LEFT JOIN held h ON h.batch_id = c.batch_id
        LEFT JOIN LATERAL (SELECT dialing_at AS dial FROM attempts
          WHERE (batch_id, dialing_at) >= (c.batch_id, '-infinity'::timestamptz)
            AND (batch_id, dialing_at) <= (c.batch_id, 'infinity'::timestamptz)
          ORDER BY batch_id DESC, dialing_at DESC LIMIT 1) last ON true
        CROSS JOIN generate_series(1, least(c.wants, room.for_batches)) unit
        WHERE c.kind = 'BATCH'),
    shares AS (
      SELECT batch_id, count(*) AS share FROM placed WHERE place <= (SELECT for_batches FROM room) GROUP BY batch_id
      UNION ALL
      SELECT batch_id, least(wants, greatest(room.for_tests - taken_before, 0)) FROM tests CROSS JOIN room)
    SELECT jsonb_object_agg(a.batch_id, least(coalesce(s.share, 0), a.could_start))
      FROM asks a LEFT JOIN shares s USING (batch_id));
END $$;
