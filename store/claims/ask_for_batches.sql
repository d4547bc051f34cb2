-- What the batches of a claim ask for, each with the lanes that may have a call (sort_lanes), in the order of the first
-- of them: [{batchId, kind, lanes: [{lane, claimKey, dialToken}], and what batch_prospect gave}]; NULL when there is no
-- such lane. Writes to lane_demand how many lanes of each batch wait in this process and how many calls the batch
-- wants, so that claims of other processes leave the batch its share. That is written every 400 ms; only then may the
-- claim move the cursors of the batch (movesCursors).
CREATE OR REPLACE FUNCTION ask_for_batches(p_workspace uuid, p_process text, p_sorted jsonb, p_now timestamptz,
  p_dial_budget interval, p_room jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  asked record;
  prospect record;
  asks jsonb[];
BEGIN
  FOR asked IN
    SELECT l.batch_id, count(*) AS lanes_count,
        jsonb_agg(jsonb_build_object('lane', l.lane, 'claimKey', l.claim_key, 'dialToken', l.dial_token)
          ORDER BY l.lane) AS lanes
      FROM jsonb_to_recordset(p_sorted)
        AS l (lane integer, batch_id uuid, claim_key text, dial_token uuid, refusal text)
      WHERE l.refusal IS NULL
      GROUP BY l.batch_id
      ORDER BY min(l.lane)
  LOOP
    SELECT * INTO prospect FROM batch_prospect(asked.batch_id, p_now, p_dial_budget, p_room, p_confirm => false);
    INSERT INTO lane_demand AS d (batch_id, workspace_id, process, lanes, wants, seen_at)
      VALUES (asked.batch_id, p_workspace, p_process, asked.lanes_count, prospect.wants, p_now)
      ON CONFLICT (batch_id, process) DO UPDATE
        SET lanes = excluded.lanes, wants = excluded.wants, seen_at = excluded.seen_at
        WHERE d.seen_at < p_now - interval '400 ms' OR (d.wants = 0) <> (excluded.wants = 0);
    asks := asks || jsonb_build_object(
      'batchId', asked.batch_id,
      'kind', (SELECT b.kind FROM batches b WHERE b.id = asked.batch_id),
      'lanes', asked.lanes,
      'reason', prospect.reason,
      'untilAt', prospect.until_at,
      'wants', prospect.wants,
      'couldStart', prospect.could_start,
      'zones', prospect.zones,
      'movesCursors', FOUND);
  END LOOP;
  RETURN to_jsonb(asks);
END $$;
