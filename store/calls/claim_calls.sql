-- CLAIM, GATE and the DIALING commit in one. Gives each lane the next recipient to call, or says why none can be.
-- Each function of a dial is one autocommit call; docs/PROTOCOL.md has the contract. Locks are taken in this order:
-- workspace (W), recipient, attempt, number, batch. A function that holds a batch's row waits for no recipient: it
-- skips those that are locked.
--
-- Guarantees: an attempt exists, is DIALING and holds its slot before anything is sent; it was inserted at an instant
-- at which the batch was RUNNING in this generation, inside an opening that stays open until the call rings, below
-- every limit and rate, with the recipient due, not suppressed, below the frequency cap, with attempts left, and not in
-- another call. A claim key gets at most one attempt, ever.
-- Two workers that race are serialised by W; the unique indexes on attempts would refuse a second live call anyway.
-- Indexes it relies on: recipient_states_claim_idx, attempts_slots_idx, attempts_one_live_call_per_phone,
-- attempts_claim_key_key, attempts_batch_id_dialing_at_idx; with rates attempts_workspace_id_dialing_at_idx, with a
-- frequency cap attempts_phone_key_workspace_id_dialing_at_idx.
-- No plan hangs on statistics (docs/adr/0019-plans-without-a-choice.md): each statement has one way to its rows, by an
-- order or a whole key that one index has; no sort, join or scan that would read a table is left to choose.
--
-- verdict: CLAIMED (attempt set), REPEATED (the key has an attempt already: never dial), WAIT (nothing now; the reason
-- may pass by an event, or in until_ms), END (this lane has nothing to wait for here; until_ms says when there might
-- be).
CREATE OR REPLACE FUNCTION claim_calls(
  p_workspace uuid, p_process text, p_dial_budget interval, p_request_timeout interval, p_claims_max integer,
  p_batches uuid[], p_generations integer[], p_epochs integer[], p_keys text[], p_tokens uuid[],
  p_lock_wait interval DEFAULT NULL
) RETURNS TABLE (lane integer, verdict text, attempt jsonb, reason text, until_ms bigint, could_start integer)
LANGUAGE plpgsql SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
  SET enable_incremental_sort = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off
  SET plan_cache_mode = force_generic_plan SET jit = off AS $$
#variable_conflict use_column
DECLARE
  t timestamptz;
  w workspaces;
  room jsonb;
  -- What each batch's lanes ask for, in order, and what is each batch's share.
  asks jsonb := '[]';
  shares jsonb := '{}';
  -- Keys that have an attempt already.
  taken text[];
  ask record;
  share integer;
  asked record;
  b record;
  prospect record;
  lead interval;
  lanes integer[];
  wanted integer;
  claimed integer;
  placed integer;
  reach integer;
  claims_left integer := p_claims_max;
  lanes_kept integer;
  slot_epoch integer;
BEGIN
  -- a. The lock first, then the one reading of the clock. A claim that waits longer than p_lock_wait for a lock fails,
  -- and nothing is claimed: its calls would be dialled too late.
  IF p_lock_wait IS NOT NULL THEN
    PERFORM set_config('lock_timeout', ceil(extract(epoch FROM p_lock_wait) * 1000)::text, true);
  END IF;
  PERFORM lock_workspace(p_workspace);
  t := dialwright_now();
  SELECT * INTO w FROM workspaces WHERE id = p_workspace;
  SELECT to_jsonb(r) INTO room FROM room_of_workspace(p_workspace, t, p_dial_budget) r;

  taken := ARRAY(SELECT k FROM unnest(p_keys) k WHERE EXISTS (SELECT FROM attempts x WHERE x.claim_key = k));
  FOR asked IN SELECT l.batch_id, array_agg(l.lane::integer ORDER BY l.lane) AS lanes,
      array_agg(p_keys[l.lane] ORDER BY l.lane) AS keys
    FROM unnest(p_batches) WITH ORDINALITY AS l (batch_id, lane) GROUP BY l.batch_id ORDER BY min(l.lane)
  LOOP
    SELECT generation, lane_epoch INTO b FROM batches WHERE id = asked.batch_id AND workspace_id = p_workspace;
    -- An activity that is repeated while its first execution still waits has its key here twice. Lanes of
    -- the run before may go on until others are there; those of the runs before that are left behind.
    lanes := ARRAY(SELECT l FROM unnest(asked.lanes) l
      WHERE p_generations[l] = b.generation AND p_epochs[l] >= b.lane_epoch - 1 AND p_keys[l] <> ALL (taken)
        AND l = asked.lanes[array_position(asked.keys, p_keys[l])]);
    IF cardinality(lanes) < cardinality(asked.lanes) THEN
      RETURN QUERY SELECT l, 'REPEATED', jsonb_build_object('id', x.id, 'state', x.state, 'phone', x.phone),
        NULL::text, NULL::bigint, 0
        FROM unnest(asked.lanes) l JOIN attempts x ON x.claim_key = p_keys[l];
      RETURN QUERY SELECT l, 'END', NULL::jsonb,
        CASE WHEN p_epochs[l] < b.lane_epoch - 1 THEN 'LEFT_BEHIND' ELSE 'STALE' END, NULL::bigint, 0
        FROM unnest(asked.lanes) l WHERE l <> ALL (lanes) AND p_keys[l] <> ALL (taken);
      CONTINUE WHEN lanes = '{}';
    END IF;

    -- b. Status, hours and limits.
    SELECT * INTO prospect FROM batch_prospect(asked.batch_id, t, p_dial_budget, room, p_confirm => false);
    INSERT INTO lane_demand AS d (batch_id, workspace_id, process, lanes, wants, seen_at)
      VALUES (asked.batch_id, p_workspace, p_process, cardinality(lanes), prospect.wants, t)
      ON CONFLICT (batch_id, process) DO UPDATE
        SET lanes = excluded.lanes, wants = excluded.wants, seen_at = excluded.seen_at
      WHERE d.seen_at < t - interval '400 ms' OR (d.wants = 0) <> (excluded.wants = 0);
    asks := asks || jsonb_build_object('batchId', asked.batch_id, 'lanes', lanes, 'reason', prospect.reason,
      'untilAt', prospect.until_at, 'wants', prospect.wants, 'couldStart', prospect.could_start,
      'zones', prospect.zones, 'movesCursors', FOUND);
  END LOOP;
  IF jsonb_array_length(asks) = 0 THEN RETURN; END IF;
  IF least((room ->> 'all_slots')::integer, (room ->> 'starts')::integer) > 0 THEN
    shares := share_room(p_workspace, t, room, asks);
    slot_epoch := begin_slot_epoch(p_workspace, t);
  END IF;

  -- c. Shares of one room, so that all together take no more than there is. Test calls first: a person waits for each.
  FOR ask IN SELECT a.* FROM ROWS FROM (jsonb_to_recordset(asks) AS ("batchId" uuid, lanes integer[],
    reason text, "untilAt" timestamptz, wants integer, "couldStart" integer, zones jsonb, "movesCursors" boolean))
    WITH ORDINALITY a
    JOIN batches b ON b.id = a."batchId" ORDER BY b.kind = 'TEST' DESC, ordinality
  LOOP
    lanes := ask.lanes;
    share := coalesce((shares ->> ask."batchId"::text)::integer, 0);
    SELECT ask.reason AS reason, ask."untilAt" AS until_at, ask."couldStart" AS could_start, ask.wants AS wants
      INTO prospect;
    wanted := least(share, cardinality(lanes), claims_left);
    claimed := 0;
    IF wanted > 0 THEN
      SELECT b.*, n.phone AS from_phone, n.provider_account_id, a.provider_agent_id,
          p.ring_limit_ms, p.ring_lead_ms, p.call_length_max_ms, p.identity_version,
          n.concurrency_limit IS NOT NULL
          OR n.calls_per_second IS NOT NULL OR n.call_ceiling IS NOT NULL AS number_is_limited
        INTO b FROM batches b JOIN phone_numbers n ON n.id = b.from_number_id JOIN agents a ON a.id = b.agent_id
        JOIN provider_accounts p ON p.id = n.provider_account_id WHERE b.id = ask."batchId";
      -- Another batch of this claim may have taken what the number had left.
      IF claims_left < p_claims_max AND b.number_is_limited THEN
        SELECT * INTO prospect FROM batch_prospect(ask."batchId", t, p_dial_budget, p_confirm => false);
        wanted := least(wanted, prospect.wants);
      END IF;
      -- The lead keeps a call from ringing after the window has closed.
      lead := p_dial_budget + make_interval(secs => b.ring_lead_ms / 1000.0);
      -- As often as its demand is written: every 400 ms.
      IF ask."movesCursors" THEN PERFORM move_claim_cursors(b.id, t, lead); END IF;
      -- Who is not called moves on with this claim, many at once: a head of suppressed numbers costs a few claims.
      FOREACH reach IN ARRAY ARRAY[wanted, 500, 500] LOOP
        -- d. The recipients: due, in an opening, in order. Locked rows belong to somebody else's transaction: skipped.
        RETURN QUERY
        WITH seen AS MATERIALIZED (
          SELECT r.recipient_id, r.state, r.phone, r.phone_key, r.attempt_count, capped.until_at AS capped_until,
            r.due_at, r.ordinal,
            CASE
              WHEN suppressed.found OR misread.found THEN 'SUPPRESSED'
              WHEN r.not_after <= t + lead THEN 'EXPIRED'
              WHEN r.attempts_spent >= b.max_attempts THEN 'NO_ATTEMPT_LEFT'
              WHEN capped.until_at IS NOT NULL THEN 'FREQUENCY_CAP'
              ELSE 'CALL' END AS gate
          FROM (SELECT s.* FROM jsonb_to_recordset(ask.zones)
                  AS zones (zone_set text, ordinal bigint, timed_due_at timestamptz, timed_ordinal bigint)
                CROSS JOIN LATERAL (
                  SELECT * FROM (SELECT * FROM recipient_states r
                    WHERE r.batch_id = b.id AND r.zone_set = zones.zone_set AND r.state = 'WAITING'
                      AND (r.due_at, r.ordinal) >= ('-infinity'::timestamptz, zones.ordinal) AND r.due_at <= '-infinity'
                    ORDER BY r.due_at, r.ordinal LIMIT reach FOR NO KEY UPDATE SKIP LOCKED) at_once
                  UNION ALL
                  SELECT * FROM (SELECT * FROM recipient_states r
                    WHERE r.batch_id = b.id AND r.zone_set = zones.zone_set AND r.state = 'WAITING'
                      AND (r.due_at, r.ordinal) > (zones.timed_due_at, zones.timed_ordinal) AND r.due_at <= t
                    ORDER BY r.due_at, r.ordinal LIMIT reach FOR NO KEY UPDATE SKIP LOCKED) timed) s
                ORDER BY s.due_at, s.ordinal LIMIT reach) r
          LEFT JOIN LATERAL (SELECT true AS found FROM suppressions s
            WHERE (s.workspace_id, s.phone_key) >= (p_workspace, r.phone_key)
              AND (s.workspace_id, s.phone_key) <= (p_workspace, r.phone_key)
            ORDER BY s.workspace_id, s.phone_key LIMIT 1) suppressed ON true
          -- Digits that are dialled as they are written may ring another number than the likeliest.
          LEFT JOIN LATERAL (SELECT true AS found FROM unnest(r.other_keys) AS other (phone_key)
            CROSS JOIN LATERAL (SELECT FROM suppressions s
              WHERE (s.workspace_id, s.phone_key) >= (p_workspace, other.phone_key)
                AND (s.workspace_id, s.phone_key) <= (p_workspace, other.phone_key)
              ORDER BY s.workspace_id, s.phone_key LIMIT 1) s LIMIT 1) misread ON r.other_keys IS NOT NULL
          LEFT JOIN LATERAL (SELECT x.dialing_at + interval '24 hours' AS until_at FROM attempts x
            WHERE w.frequency_cap IS NOT NULL AND x.spends_attempt
              AND (x.phone_key, x.workspace_id, x.dialing_at) > (r.phone_key, p_workspace, t - interval '24 hours')
              AND (x.phone_key, x.workspace_id, x.dialing_at) <= (r.phone_key, p_workspace, 'infinity'::timestamptz)
            ORDER BY x.phone_key DESC, x.workspace_id DESC, x.dialing_at DESC
            OFFSET w.frequency_cap - 1 LIMIT 1) capped ON true
        ),
        picked AS MATERIALIZED (SELECT s.* FROM (
          SELECT *, row_number() OVER (PARTITION BY gate = 'CALL' ORDER BY due_at, ordinal) AS place FROM seen) s
          WHERE gate <> 'CALL' OR place <= wanted - claimed),
        -- e. The attempts. A number that is in a call already is skipped by the unique index.
        dialing AS (
          INSERT INTO attempts AS a (workspace_id, batch_id, recipient_id, provider_account_id, from_number_id, phone,
            phone_key, number, generation, claim_key, dial_token, dialing_at, dial_deadline, hard_end_at, settle_at,
            identity_version, slot_epoch)
          SELECT p_workspace, b.id, p.recipient_id, b.provider_account_id, b.from_number_id, p.phone,
            p.phone_key, p.attempt_count + 1, b.generation,
            p_keys[lanes[p.place]], p_tokens[lanes[p.place]], t, times.dial_deadline,
            times.dial_deadline + make_interval(secs => (b.ring_limit_ms + b.call_length_max_ms) / 1000.0 + 60),
            times.dial_deadline, b.identity_version, slot_epoch
          FROM picked p, LATERAL (SELECT t + p_dial_budget + p_request_timeout + interval '1 s' AS dial_deadline) times
          WHERE p.gate = 'CALL'
          ON CONFLICT DO NOTHING
          RETURNING a.*
        ),
        -- Every recipient that was picked moves on, so that nobody is refused twice in a row or blocks the head.
        progressed AS (
          UPDATE recipient_states r SET
            state = CASE WHEN d.id IS NOT NULL THEN 'IN_PROGRESS' ELSE
              CASE p.gate WHEN 'SUPPRESSED' THEN 'SUPPRESSED' WHEN 'EXPIRED' THEN 'FAILED'
                WHEN 'NO_ATTEMPT_LEFT' THEN coalesce(recipient_state_of(r.last_outcome), 'FAILED')
                ELSE 'WAITING' END END,
            last_error = CASE WHEN p.gate = 'EXPIRED' THEN 'EXPIRED' ELSE r.last_error END,
            wait_reason = CASE WHEN d.id IS NOT NULL THEN NULL WHEN p.gate = 'CALL' THEN 'NUMBER_IN_CALL'
              WHEN p.gate = 'FREQUENCY_CAP' THEN p.gate END,
            due_at = CASE WHEN d.id IS NOT NULL THEN r.due_at WHEN p.gate = 'CALL' THEN t + interval '30 s'
              WHEN p.gate = 'FREQUENCY_CAP' THEN p.capped_until ELSE r.due_at END,
            attempt_count = r.attempt_count + (d.id IS NOT NULL)::integer,
            -- After a batch retry that its row has not followed yet it has a fresh allowance, and follows with this
            -- call.
            attempts_spent = CASE WHEN d.id IS NULL THEN r.attempts_spent WHEN r.generation < b.generation THEN 1
              ELSE r.attempts_spent + 1 END,
            generation = CASE WHEN d.id IS NULL THEN r.generation ELSE b.generation END,
            last_attempt_id = coalesce(d.id, r.last_attempt_id)
          FROM picked p LEFT JOIN dialing d ON d.recipient_id = p.recipient_id
          -- The state in which it was picked: 'WAITING' would let the planner take the index of all who wait.
          WHERE r.recipient_id = p.recipient_id AND r.state = p.state
          RETURNING r.recipient_id
        )
        SELECT (SELECT min(l) FROM unnest(lanes) l WHERE p_keys[l] = d.claim_key), 'CLAIMED',
          jsonb_build_object('id', d.id, 'dialToken', d.dial_token, 'providerAccountId', d.provider_account_id,
            'identityVersion', d.identity_version, 'laneEpoch', b.lane_epoch,
            'from', b.from_phone, 'to', d.phone, 'agentId', coalesce(c.override_agent_id, b.provider_agent_id),
            'agentVersion', c.override_agent_version, 'variables', c.variables, 'metadata', c.metadata,
            'sipHeaders', c.sip_headers, 'skipPhoneCheck', c.skip_phone_check,
            'ringLimitMs', b.ring_limit_ms, 'callLengthMaxMs', b.call_length_max_ms),
          NULL::text, NULL::bigint, greatest(share - claimed - (SELECT count(*)::integer FROM dialing), 0)
        FROM dialing d JOIN progressed g ON g.recipient_id = d.recipient_id JOIN recipients c ON c.id = d.recipient_id;
        GET DIAGNOSTICS placed = ROW_COUNT;
        claimed := claimed + placed;
        IF placed = cardinality(lanes) THEN lanes := '{}'; EXIT; END IF;
        IF placed > 0 THEN
          lanes := ARRAY(SELECT l FROM unnest(lanes) l
            WHERE NOT EXISTS (SELECT FROM attempts x WHERE x.claim_key = p_keys[l]) ORDER BY l);
        END IF;
        SELECT * INTO prospect FROM batch_prospect(ask."batchId", t, p_dial_budget, p_confirm => false);
        EXIT WHEN claimed = wanted OR prospect.could_start = 0;
      END LOOP;
      claims_left := claims_left - claimed;
      CONTINUE WHEN lanes = '{}';
    END IF;
    -- What could start is somebody else's share. Nobody tells when that one does not take it.
    IF prospect.could_start > 0 AND share <= claimed THEN
      prospect.reason := 'FAIR_SHARE';
      prospect.could_start := 0;
      prospect.until_at := t + interval '500 ms';
    END IF;
    lanes_kept := 1;
    IF cardinality(lanes) > 1 THEN
      lanes_kept := greatest(lanes_of_use(ask."batchId", t), prospect.could_start);
    END IF;

    -- f. Nothing for these lanes. Those that wait for an event wait on, as many as the batch can use, longest waiting
    -- first; the others go home.
    RETURN QUERY SELECT l,
      CASE WHEN prospect.reason IN ('READY', 'FAIR_SHARE', 'WORKSPACE_LIMIT', 'BATCH_LIMIT', 'NUMBER_LIMIT',
        'NUMBER_BACKOFF', 'NOT_SENT', 'PACE') AND l = ANY (lanes[1:lanes_kept])
             OR l = lanes[1] AND (prospect.reason = 'CALLS_IN_PROGRESS'
               OR prospect.reason IN ('NOT_DUE', 'ROWS_OUTSTANDING') AND prospect.until_at IS NULL)
           THEN 'WAIT' ELSE 'END' END,
      NULL::jsonb, prospect.reason,
      ceil(extract(epoch FROM prospect.until_at - t) * 1000)::bigint, prospect.could_start
      FROM unnest(lanes) l;
  END LOOP;
END $$;
