-- The duplicates among the recipients of a request, by their keys: DuplicateCounts in store/imports/count-duplicates.ts
-- without the days. file: an earlier one of the request. Each key is looked up by its whole index key, so the size of
-- the batch and the calls of the workspace do not matter: the index of its calls by time would read them all for each.
CREATE OR REPLACE FUNCTION count_known_phones(p_workspace uuid, p_batch uuid, p_keys text[], p_days integer)
RETURNS TABLE (file integer, batch integer, "calledRecently" integer, "any" integer)
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
  SET enable_incremental_sort = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off AS $$
DECLARE
  since timestamptz := dialwright_now() - make_interval(days => p_days);
BEGIN
  RETURN QUERY
  WITH seen AS (
    SELECT g.place > min(g.place) OVER (PARTITION BY g.key) AS in_file,
        listed.found OR respelled.found AS in_batch,
        called.found AS called_recently
      FROM unnest(p_keys) WITH ORDINALITY AS g (key, place)
      LEFT JOIN LATERAL (SELECT true AS found FROM recipients r JOIN recipient_states s ON s.recipient_id = r.id
        WHERE r.batch_id = p_batch AND r.phone = g.key LIMIT 1) listed ON true
      LEFT JOIN LATERAL (SELECT true AS found FROM recipient_states s
        WHERE s.batch_id = p_batch AND s.phone_key = g.key AND s.phone_key <> s.phone LIMIT 1) respelled ON true
      LEFT JOIN LATERAL (SELECT true AS found FROM attempts a
        WHERE (a.phone_key, a.workspace_id, a.dialing_at) > (g.key, p_workspace, since)
          AND (a.phone_key, a.workspace_id, a.dialing_at) <= (g.key, p_workspace, 'infinity'::timestamptz)
          AND a.spends_attempt
        ORDER BY a.phone_key, a.workspace_id, a.dialing_at LIMIT 1) called ON true)
  SELECT count(*) FILTER (WHERE in_file)::integer, count(*) FILTER (WHERE in_batch)::integer,
      count(*) FILTER (WHERE called_recently)::integer, count(*)::integer
    FROM seen
    WHERE in_file OR in_batch OR called_recently;
END $$;
