-- How a call is placed at most once. Each function is one autocommit call; docs/PROTOCOL.md has the contract.
-- Locks are taken in this order: workspace (W), recipient, attempt, number, batch. Whoever holds a batch's row waits for no
-- recipient: it skips those that are locked.

-- The workspace lock. Everything that forbids or allows a dial happens under it, the claim included, so that no dial can
-- follow the answer to a pause. READ COMMITTED lets the statements after it see what changed while it waited.
CREATE FUNCTION lock_workspace(p_workspace uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(1, lock_key) FROM workspaces WHERE id = p_workspace;
END $$;

-- Waiting lanes of every batch of the workspace look again.
CREATE FUNCTION notify_lanes(p_workspace uuid) RETURNS void LANGUAGE sql AS $$
  SELECT pg_notify('dialwright_lanes', p_workspace::text)
$$;

-- What the recipient becomes when this is the outcome of its last attempt (domain/calls/outcomes.ts has the same table).
CREATE FUNCTION recipient_state_of(p_outcome text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE p_outcome
    WHEN 'ANSWERED' THEN 'COMPLETED'
    WHEN 'VOICEMAIL' THEN 'NO_ANSWER' WHEN 'NO_ANSWER' THEN 'NO_ANSWER' WHEN 'BUSY' THEN 'NO_ANSWER' WHEN 'DECLINED' THEN 'NO_ANSWER'
    WHEN 'INVALID_NUMBER' THEN 'FAILED' WHEN 'UNREACHABLE' THEN 'FAILED' WHEN 'PROVIDER_ERROR' THEN 'FAILED' WHEN 'AGENT_ERROR' THEN 'FAILED'
    WHEN 'CANCELLED' THEN 'CANCELLED'
    WHEN 'UNCERTAIN' THEN 'UNCERTAIN'
  END
$$;

-- What a workspace has left at one instant. batch_slots keeps the largest reserve of the batches that run and are open
-- free for other traffic; all_slots does not. starts is what calls per second leave; starts_until when that is 0.
CREATE TYPE workspace_room AS (batch_slots integer, all_slots integer, starts integer, starts_until timestamptz);

-- How many calls may start now at a rate per second, for a workspace, one of its numbers or one of its batches. Counted
-- over one second and the dial budget: a request leaves up to the budget after its claim, so that no rolling second of
-- requests passes the rate. A start stamped more than 5 s ahead means that the clock went back; it is not counted.
CREATE FUNCTION starts_left(p_rate integer, p_workspace uuid, p_number uuid, p_batch uuid, p_now timestamptz, p_dial_budget interval,
  OUT starts integer, OUT until_at timestamptz) LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE span interval := interval '1 s' + p_dial_budget;
BEGIN
  starts := 2147483647;
  IF p_rate IS NULL THEN RETURN; END IF;
  SELECT greatest(p_rate - count(*), 0), max(recent.dialing_at) FILTER (WHERE place = p_rate) + span INTO starts, until_at
    FROM (SELECT dialing_at, row_number() OVER (ORDER BY dialing_at DESC) AS place FROM attempts
      WHERE workspace_id = p_workspace AND dialing_at > p_now - span AND dialing_at <= p_now + interval '5 s'
        AND (p_number IS NULL OR from_number_id = p_number) AND (p_batch IS NULL OR batch_id = p_batch)) recent;
END $$;

CREATE FUNCTION room_of_workspace(p_workspace uuid, p_now timestamptz, p_dial_budget interval) RETURNS workspace_room
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  w workspaces;
  room workspace_room;
  reserve integer;
BEGIN
  SELECT * INTO w FROM workspaces WHERE id = p_workspace;
  SELECT w.concurrency_limit - count(*) INTO room.all_slots FROM attempts WHERE workspace_id = p_workspace AND slot_held;
  SELECT coalesce(max(b.reserved_concurrency), 0) INTO reserve FROM batches b
    WHERE b.workspace_id = p_workspace AND b.status = 'RUNNING' AND b.reserved_concurrency > 0
      AND EXISTS (SELECT FROM openings o WHERE o.batch_id = b.id AND o.config_version = b.config_version AND o.opens_at <= p_now AND p_now < o.closes_at);
  room.batch_slots := room.all_slots - reserve;
  SELECT l.starts, l.until_at INTO room.starts, room.starts_until FROM starts_left(w.calls_per_second, p_workspace, NULL, NULL, p_now, p_dial_budget) l;
  RETURN room;
END $$;

-- When the next of a batch's waiting recipients may be called, of which none may now: of the open zones when the first is
-- due, of the others when they open, but not before the first is due. Asks each zone for its first recipient only.
-- reason: NOT_DUE when somebody in an open zone waits for a time, else OUTSIDE_HOURS; ZONE_UNKNOWN when all who wait are held
-- because nobody knows where they are; NOT_DUE without a time when an event decides.
CREATE FUNCTION next_due(b batches, p_open_zones text[], p_now timestamptz, OUT reason text, OUT until_at timestamptz)
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  open_due timestamptz;
  any_open boolean;
  closed_due timestamptz;
  any_closed boolean;
  any_held boolean;
BEGIN
  SELECT min(first.due_at) FILTER (WHERE z.zone_set = ANY (p_open_zones) AND first.due_at < 'infinity'),
      coalesce(bool_or(z.zone_set = ANY (p_open_zones)), false),
      min(greatest(opening.opens_at, first.due_at)) FILTER (WHERE z.zone_set <> ALL (p_open_zones) AND first.due_at < 'infinity' AND opening.opens_at IS NOT NULL),
      coalesce(bool_or(z.zone_set <> ALL (p_open_zones) AND z.zone_set <> '?'), false),
      coalesce(bool_or(z.zone_set = '?'), false)
    INTO open_due, any_open, closed_due, any_closed, any_held
    FROM (SELECT zone_set FROM batch_zones WHERE batch_id = b.id) z
    CROSS JOIN LATERAL (SELECT due_at FROM recipient_states WHERE batch_id = b.id AND zone_set = z.zone_set AND state = 'WAITING' ORDER BY due_at LIMIT 1) first
    LEFT JOIN LATERAL (SELECT min(opens_at) AS opens_at FROM openings WHERE batch_id = b.id AND config_version = b.config_version
      AND zone_set = z.zone_set AND opens_at > p_now) opening ON true;
  until_at := least(open_due, closed_due);
  reason := CASE WHEN any_open THEN 'NOT_DUE' WHEN any_closed THEN 'OUTSIDE_HOURS' WHEN any_held THEN 'ZONE_UNKNOWN' ELSE 'NOT_DUE' END;
END $$;

-- Why the next call of a batch cannot start, when that may change by itself, and how many calls could start now.
-- Reasons: the batch's own status, WORKSPACE_STOPPED, NUMBER_DISABLED, AGENT_DISABLED, STARTS_LATER, OUTSIDE_HOURS,
-- NUMBER_BACKOFF, BATCH_LIMIT, NUMBER_LIMIT, PACE, WORKSPACE_LIMIT, NOT_DUE, ZONE_UNKNOWN, CALLS_IN_PROGRESS,
-- ROWS_OUTSTANDING, SETTLED;
-- READY when could_start > 0. wants: how many it could start if the workspace had room for all.
-- Read under W by the claim; elsewhere it is a picture of a moment. No sequential scans: while most rows wait, the planner
-- believes that one is found at once, and later reads every row that is done before it. No bitmap scans: they meet the
-- dead entries of every ended call again each time, where an index scan marks them and passes over them.
CREATE FUNCTION batch_prospect(p_batch uuid, p_now timestamptz, p_dial_budget interval, p_room workspace_room DEFAULT NULL,
  OUT reason text, OUT until_at timestamptz, OUT could_start integer, OUT wants integer)
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  b batches;
  n record;
  room workspace_room;
  zones text[];
  slots integer;
  pace record;
BEGIN
  could_start := 0;
  wants := 0;
  SELECT * INTO b FROM batches WHERE id = p_batch;
  IF b.status <> 'RUNNING' OR b.deleted_at IS NOT NULL THEN
    reason := CASE WHEN b.status = 'SCHEDULED' AND b.start_at > p_now THEN 'STARTS_LATER' ELSE b.status END;
    until_at := CASE WHEN reason = 'STARTS_LATER' THEN b.start_at END;
    RETURN;
  END IF;
  IF EXISTS (SELECT FROM workspaces WHERE id = b.workspace_id AND stopped_at IS NOT NULL) THEN reason := 'WORKSPACE_STOPPED'; RETURN; END IF;
  SELECT p.*, p_dial_budget + make_interval(secs => a.ring_lead_ms / 1000.0) AS lead INTO n
    FROM phone_numbers p JOIN provider_accounts a ON a.id = p.provider_account_id
    WHERE p.id = b.from_number_id AND p.outbound AND p.disabled_at IS NULL AND a.disabled_at IS NULL;
  IF NOT FOUND THEN reason := 'NUMBER_DISABLED'; RETURN; END IF;
  IF EXISTS (SELECT FROM agents WHERE id = b.agent_id AND disabled_at IS NOT NULL) THEN reason := 'AGENT_DISABLED'; RETURN; END IF;

  IF NOT EXISTS (SELECT FROM recipient_states WHERE batch_id = p_batch AND state = 'WAITING') THEN
    reason := CASE
      WHEN EXISTS (SELECT FROM recipient_states WHERE batch_id = p_batch AND state = 'IN_PROGRESS') THEN 'CALLS_IN_PROGRESS'
      WHEN b.chunk_work IS NOT NULL OR EXISTS (SELECT FROM imports WHERE batch_id = p_batch AND rows_outstanding) THEN 'ROWS_OUTSTANDING'
      ELSE 'SETTLED' END;
    RETURN;
  END IF;

  SELECT array_agg(DISTINCT zone_set) INTO zones FROM openings
    WHERE batch_id = p_batch AND config_version = b.config_version AND opens_at <= p_now AND p_now + n.lead < closes_at;
  IF zones IS NULL THEN
    SELECT l.reason, l.until_at INTO reason, until_at FROM next_due(b, '{}', p_now) l;
    RETURN;
  END IF;

  -- What the batch and its number allow. At most 40: the workflow keeps no more lanes than that.
  slots := 40;
  IF b.concurrency_limit IS NOT NULL THEN
    SELECT least(slots, b.concurrency_limit - count(*)), 'BATCH_LIMIT' INTO slots, reason FROM attempts WHERE workspace_id = b.workspace_id AND batch_id = p_batch AND slot_held;
    IF slots <= 0 THEN RETURN; END IF;
  END IF;
  IF n.concurrency_limit IS NOT NULL THEN
    SELECT least(slots, n.concurrency_limit - count(*)), 'NUMBER_LIMIT' INTO slots, reason FROM attempts WHERE workspace_id = b.workspace_id AND slot_held AND from_number_id = n.id;
    IF slots <= 0 THEN RETURN; END IF;
  END IF;
  IF n.backoff_ms > 0 THEN
    -- The provider refused for capacity: nothing until then, and after it one call at a time, until one is accepted.
    reason := 'NUMBER_BACKOFF';
    until_at := CASE WHEN n.backed_off_until > p_now THEN n.backed_off_until END;
    IF until_at IS NOT NULL OR EXISTS (SELECT FROM attempts WHERE workspace_id = b.workspace_id AND slot_held AND from_number_id = n.id AND state = 'DIALING') THEN RETURN; END IF;
    slots := 1;
  END IF;
  FOR pace IN SELECT l.* FROM (VALUES (n.calls_per_second, n.id, NULL), (b.calls_per_second, NULL, b.id)) AS r (rate, number_id, batch_id),
      LATERAL starts_left(r.rate, b.workspace_id, r.number_id, r.batch_id, p_now, p_dial_budget) l WHERE r.rate IS NOT NULL
  LOOP
    IF pace.starts = 0 THEN reason := 'PACE'; until_at := greatest(until_at, pace.until_at); END IF;
    slots := least(slots, pace.starts);
  END LOOP;
  IF slots = 0 THEN RETURN; END IF;

  -- Zone by zone and in order, so that the index of the claim is the one that serves: another reads everybody who waits.
  SELECT count(*) INTO wants FROM (
    SELECT FROM unnest(zones) AS z (zone_set) CROSS JOIN LATERAL (SELECT FROM recipient_states r
      WHERE r.batch_id = p_batch AND r.zone_set = z.zone_set AND r.state = 'WAITING' AND r.due_at <= p_now ORDER BY r.due_at, r.ordinal LIMIT slots) due
    LIMIT slots) first;
  IF wants = 0 THEN
    SELECT l.reason, l.until_at INTO reason, until_at FROM next_due(b, zones, p_now) l;
    RETURN;
  END IF;

  -- What the workspace has left.
  room := coalesce(p_room, room_of_workspace(b.workspace_id, p_now, p_dial_budget));
  slots := CASE b.kind WHEN 'TEST' THEN room.all_slots ELSE room.batch_slots END;
  could_start := greatest(least(wants, slots, room.starts), 0);
  reason := CASE WHEN could_start > 0 THEN 'READY' WHEN slots <= 0 THEN 'WORKSPACE_LIMIT' ELSE 'PACE' END;
  IF reason = 'PACE' THEN until_at := room.starts_until; END IF;
END $$;

-- The lanes of one batch in one claim, what the batch could do with them, and how many calls are its share.
CREATE TYPE lane_ask AS (batch_id uuid, lanes integer[], reason text, until_at timestamptz, wants integer, could_start integer, share integer);

-- Shares what the workspace has left among the batches that have lanes waiting here or were seen waiting elsewhere: each
-- start goes to the batch that then holds the fewest slots, among equals to the one that has waited longest since its
-- last dial. That is max-min sharing over time, without taking a live call from anybody. A test call takes none of it.
CREATE FUNCTION share_room(p_workspace uuid, p_now timestamptz, p_room workspace_room, p_asks lane_ask[]) RETURNS lane_ask[]
LANGUAGE sql STABLE SET enable_seqscan = off SET enable_bitmapscan = off AS $$
  WITH asks AS (SELECT a.*, b.kind FROM unnest(p_asks) WITH ORDINALITY a JOIN batches b ON b.id = a.batch_id),
  contenders AS (
    SELECT batch_id, wants FROM asks WHERE wants > 0 AND kind = 'BATCH'
    UNION ALL
    SELECT d.batch_id, max(d.wants) FROM lane_demand d JOIN batches b ON b.id = d.batch_id
      WHERE b.workspace_id = p_workspace AND b.status = 'RUNNING' AND b.kind = 'BATCH' AND d.seen_at > p_now - interval '2 s' AND d.wants > 0
        AND d.batch_id NOT IN (SELECT batch_id FROM asks)
      GROUP BY d.batch_id),
  -- Counted for all batches at once: asked for one of them, a planner without statistics reads all of its attempts.
  held AS (SELECT batch_id, count(*) AS slots FROM attempts WHERE workspace_id = p_workspace AND slot_held GROUP BY batch_id),
  placed AS (
    SELECT c.batch_id, row_number() OVER (ORDER BY coalesce(h.slots, 0) + unit, last.dial NULLS FIRST, c.batch_id) AS place
    FROM contenders c LEFT JOIN held h ON h.batch_id = c.batch_id
      CROSS JOIN LATERAL (SELECT max(dialing_at) AS dial FROM attempts WHERE batch_id = c.batch_id) last
      CROSS JOIN generate_series(1, least(c.wants, (p_room).batch_slots, (p_room).starts)) unit),
  shares AS (SELECT batch_id, count(*)::integer AS share FROM placed WHERE place <= least((p_room).batch_slots, (p_room).starts) GROUP BY batch_id)
  SELECT array_agg(ROW(a.batch_id, a.lanes, a.reason, a.until_at, a.wants, a.could_start,
      CASE a.kind WHEN 'TEST' THEN a.could_start ELSE least(coalesce(s.share, 0), a.could_start) END)::lane_ask ORDER BY a.ordinality)
    FROM asks a LEFT JOIN shares s USING (batch_id)
$$;

-- CLAIM = GATE = the DIALING commit. Gives each lane the next recipient to call, or says why none can be called.
--
-- Guarantees: an attempt exists, is DIALING and holds its slot before anything is sent; it was inserted at an instant at
-- which the batch was RUNNING in this generation, inside an opening that stays open until the call rings, below every
-- limit and rate, with the recipient due, not suppressed, below the frequency cap, with attempts left, and not in another
-- call. A claim key gets at most one attempt, ever.
-- Two workers that race are serialised by W; the unique indexes on attempts would refuse a second live call anyway.
-- Indexes it relies on: recipient_states_claim_idx, attempts_slots_idx, attempts_one_live_call_per_phone,
-- attempts_claim_key_key, attempts_batch_id_dialing_at_idx; with rates attempts_dialing_at_workspace_id_idx, with a
-- frequency cap attempts_phone_workspace_id_dialing_at_idx.
--
-- verdict: CLAIMED (attempt set), REPEATED (the key has an attempt already: never dial), WAIT (nothing now; the reason
-- may pass by an event, or in until_ms), END (this lane has nothing to wait for here; until_ms says when there might be).
CREATE FUNCTION claim_calls(
  p_workspace uuid, p_process text, p_dial_budget interval, p_request_timeout interval, p_claims_max integer,
  p_batches uuid[], p_generations integer[], p_epochs integer[], p_keys text[], p_tokens uuid[]
) RETURNS TABLE (lane integer, verdict text, attempt jsonb, reason text, until_ms bigint, could_start integer)
LANGUAGE plpgsql SET enable_seqscan = off SET enable_bitmapscan = off AS $$
#variable_conflict use_column
DECLARE
  t timestamptz;
  w workspaces;
  room workspace_room;
  asks lane_ask[] := '{}';
  ask lane_ask;
  asked record;
  b record;
  prospect record;
  lead interval;
  lanes integer[];
  wanted integer;
  claimed integer;
  claims_left integer := p_claims_max;
BEGIN
  -- a. The lock first, then the one reading of the clock.
  PERFORM lock_workspace(p_workspace);
  t := dialwright_now();
  SELECT * INTO w FROM workspaces WHERE id = p_workspace;
  room := room_of_workspace(p_workspace, t, p_dial_budget);

  FOR asked IN SELECT l.batch_id, array_agg(l.lane::integer ORDER BY l.lane) AS lanes
    FROM unnest(p_batches) WITH ORDINALITY AS l (batch_id, lane) GROUP BY l.batch_id ORDER BY min(l.lane)
  LOOP
    SELECT generation, lane_epoch INTO b FROM batches WHERE id = asked.batch_id AND workspace_id = p_workspace;
    RETURN QUERY SELECT l, 'REPEATED', jsonb_build_object('id', x.id, 'state', x.state, 'phone', x.phone), NULL::text, NULL::bigint, 0
      FROM unnest(asked.lanes) l JOIN attempts x ON x.claim_key = p_keys[l];
    -- An activity that is repeated while its first execution still waits has its key here twice.
    RETURN QUERY SELECT l, 'END', NULL::jsonb, 'STALE', NULL::bigint, 0
      FROM unnest(asked.lanes) l WHERE (p_generations[l] IS DISTINCT FROM b.generation OR p_epochs[l] < b.lane_epoch
        OR l <> (SELECT min(same) FROM unnest(asked.lanes) same WHERE p_keys[same] = p_keys[l]))
        AND NOT EXISTS (SELECT FROM attempts x WHERE x.claim_key = p_keys[l]);
    SELECT array_agg(l ORDER BY l) INTO lanes FROM unnest(asked.lanes) l
      WHERE p_generations[l] = b.generation AND p_epochs[l] >= b.lane_epoch
        AND l = (SELECT min(same) FROM unnest(asked.lanes) same WHERE p_keys[same] = p_keys[l])
        AND NOT EXISTS (SELECT FROM attempts x WHERE x.claim_key = p_keys[l]);
    CONTINUE WHEN lanes IS NULL;

    -- b. Status, hours and limits.
    SELECT * INTO prospect FROM batch_prospect(asked.batch_id, t, p_dial_budget, room);
    asks := asks || ROW(asked.batch_id, lanes, prospect.reason, prospect.until_at, prospect.wants, prospect.could_start, 0)::lane_ask;
    INSERT INTO lane_demand AS d (batch_id, process, lanes, wants, seen_at) VALUES (asked.batch_id, p_process, cardinality(lanes), prospect.wants, t)
      ON CONFLICT (batch_id, process) DO UPDATE SET lanes = excluded.lanes, wants = excluded.wants, seen_at = excluded.seen_at
      WHERE d.seen_at < t - interval '400 ms' OR (d.wants = 0) <> (excluded.wants = 0);
  END LOOP;
  IF cardinality(asks) = 0 THEN RETURN; END IF;
  IF least(room.all_slots, room.starts) > 0 THEN asks := share_room(p_workspace, t, room, asks); END IF;

  FOREACH ask IN ARRAY asks LOOP
    lanes := ask.lanes;
    SELECT ask.reason AS reason, ask.until_at AS until_at, ask.could_start AS could_start, ask.wants AS wants INTO prospect;
    wanted := least(ask.share, cardinality(lanes), claims_left);
    claimed := 0;
    IF wanted > 0 THEN
      SELECT b.*, n.phone AS from_phone, n.concurrency_limit AS number_limit, n.calls_per_second AS number_rate, n.provider_account_id,
          a.provider_agent_id, p.ring_limit_ms, p.ring_lead_ms, p.call_length_max_ms
        INTO b FROM batches b JOIN phone_numbers n ON n.id = b.from_number_id JOIN agents a ON a.id = b.agent_id
        JOIN provider_accounts p ON p.id = n.provider_account_id WHERE b.id = ask.batch_id;
      -- Another batch of this claim may have taken what the number had left.
      IF cardinality(asks) > 1 AND (b.number_limit IS NOT NULL OR b.number_rate IS NOT NULL) THEN
        SELECT * INTO prospect FROM batch_prospect(ask.batch_id, t, p_dial_budget, room);
        wanted := least(wanted, prospect.wants);
      END IF;
      -- The lead keeps a call from ringing after the window has closed.
      lead := p_dial_budget + make_interval(secs => b.ring_lead_ms / 1000.0);
      -- d. The recipients: due, in an opening, in order. Locked rows belong to somebody else's transaction: skipped.
      RETURN QUERY
      WITH picked AS MATERIALIZED (
        SELECT r.recipient_id, r.phone, r.attempt_count, capped.until_at AS capped_until, row_number() OVER (ORDER BY r.due_at, r.ordinal) AS place,
          CASE WHEN EXISTS (SELECT FROM suppressions s WHERE s.workspace_id = p_workspace AND s.phone = r.phone) THEN 'SUPPRESSED'
            WHEN r.not_after <= t + lead THEN 'EXPIRED'
            WHEN r.attempts_spent >= b.max_attempts THEN 'NO_ATTEMPT_LEFT'
            WHEN capped.until_at IS NOT NULL THEN 'FREQUENCY_CAP'
            ELSE 'CALL' END AS gate
        FROM (SELECT s.* FROM (SELECT DISTINCT zone_set FROM openings o
                               WHERE o.batch_id = b.id AND o.config_version = b.config_version
                                 AND o.opens_at <= t AND t + lead < o.closes_at) zones
              CROSS JOIN LATERAL (
                SELECT * FROM recipient_states r
                WHERE r.batch_id = b.id AND r.zone_set = zones.zone_set AND r.state = 'WAITING' AND r.due_at <= t
                ORDER BY r.due_at, r.ordinal
                LIMIT wanted
                FOR NO KEY UPDATE SKIP LOCKED) s
              ORDER BY s.due_at, s.ordinal LIMIT wanted) r
        LEFT JOIN LATERAL (SELECT x.dialing_at + interval '24 hours' AS until_at FROM attempts x
          WHERE w.frequency_cap IS NOT NULL AND x.workspace_id = p_workspace AND x.phone = r.phone
            AND x.dialing_at > t - interval '24 hours' AND x.spends_attempt
          ORDER BY x.dialing_at DESC OFFSET w.frequency_cap - 1 LIMIT 1) capped ON true
      ),
      -- e. The attempts. A number that is in a call already is skipped by the unique index.
      dialing AS (
        INSERT INTO attempts AS a (workspace_id, batch_id, recipient_id, provider_account_id, from_number_id, phone, number, generation,
          claim_key, dial_token, dialing_at, dial_deadline, hard_end_at, settle_at)
        SELECT p_workspace, b.id, p.recipient_id, b.provider_account_id, b.from_number_id, p.phone, p.attempt_count + 1, b.generation,
          p_keys[lanes[p.place]], p_tokens[lanes[p.place]], t, times.dial_deadline,
          times.dial_deadline + make_interval(secs => (b.ring_limit_ms + b.call_length_max_ms) / 1000.0 + 60), times.dial_deadline
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
              WHEN 'NO_ATTEMPT_LEFT' THEN coalesce(recipient_state_of(r.last_outcome), 'FAILED') ELSE 'WAITING' END END,
          last_error = CASE WHEN p.gate = 'EXPIRED' THEN 'EXPIRED' ELSE r.last_error END,
          wait_reason = CASE WHEN d.id IS NOT NULL THEN NULL WHEN p.gate = 'CALL' THEN 'NUMBER_IN_CALL' WHEN p.gate = 'FREQUENCY_CAP' THEN p.gate END,
          due_at = CASE WHEN d.id IS NOT NULL THEN r.due_at WHEN p.gate = 'CALL' THEN t + interval '30 s'
            WHEN p.gate = 'FREQUENCY_CAP' THEN p.capped_until ELSE r.due_at END,
          attempt_count = r.attempt_count + (d.id IS NOT NULL)::integer,
          attempts_spent = r.attempts_spent + (d.id IS NOT NULL)::integer,
          last_attempt_id = coalesce(d.id, r.last_attempt_id)
        FROM picked p LEFT JOIN dialing d ON d.recipient_id = p.recipient_id
        WHERE r.recipient_id = p.recipient_id AND r.state = 'WAITING'
        RETURNING r.recipient_id
      )
      SELECT (SELECT min(l) FROM unnest(lanes) l WHERE p_keys[l] = d.claim_key), 'CLAIMED',
        jsonb_build_object('id', d.id, 'dialToken', d.dial_token, 'providerAccountId', d.provider_account_id,
          'from', b.from_phone, 'to', d.phone, 'agentId', coalesce(c.override_agent_id, b.provider_agent_id),
          'agentVersion', c.override_agent_version, 'variables', c.variables, 'metadata', c.metadata, 'sipHeaders', c.sip_headers,
          'skipPhoneCheck', c.skip_phone_check, 'ringLimitMs', b.ring_limit_ms, 'callLengthMaxMs', b.call_length_max_ms),
        NULL::text, NULL::bigint, greatest(ask.share - (SELECT count(*)::integer FROM dialing), 0)
      FROM dialing d JOIN progressed g ON g.recipient_id = d.recipient_id JOIN recipients c ON c.id = d.recipient_id;
      GET DIAGNOSTICS claimed = ROW_COUNT;
      claims_left := claims_left - claimed;
      CONTINUE WHEN claimed = cardinality(lanes);
      SELECT array_agg(l ORDER BY l) INTO lanes FROM unnest(lanes) l WHERE NOT EXISTS (SELECT FROM attempts x WHERE x.claim_key = p_keys[l]);
      SELECT * INTO prospect FROM batch_prospect(ask.batch_id, t, p_dial_budget);
    END IF;
    -- What could start is somebody else's share.
    IF prospect.could_start > 0 AND ask.share <= claimed THEN
      prospect.reason := 'FAIR_SHARE';
      prospect.could_start := 0;
    END IF;

    -- f. Nothing for these lanes. Those that wait for an event wait on; the others go home.
    RETURN QUERY SELECT l,
      CASE WHEN prospect.reason IN ('READY', 'FAIR_SHARE', 'WORKSPACE_LIMIT', 'BATCH_LIMIT', 'NUMBER_LIMIT', 'NUMBER_BACKOFF', 'PACE')
             OR l = lanes[1] AND (prospect.reason = 'CALLS_IN_PROGRESS' OR prospect.reason IN ('NOT_DUE', 'ROWS_OUTSTANDING') AND prospect.until_at IS NULL)
           THEN 'WAIT' ELSE 'END' END,
      NULL::jsonb, prospect.reason,
      ceil(extract(epoch FROM prospect.until_at - t) * 1000)::bigint, prospect.could_start
      FROM unnest(lanes) l;
  END LOOP;
END $$;

-- Locks recipient, then attempt, and gives the attempt as it is now.
CREATE FUNCTION lock_attempt(p_attempt uuid) RETURNS attempts LANGUAGE plpgsql AS $$
DECLARE a attempts;
BEGIN
  PERFORM FROM recipient_states WHERE recipient_id = (SELECT recipient_id FROM attempts WHERE id = p_attempt) FOR NO KEY UPDATE;
  SELECT * INTO a FROM attempts WHERE id = p_attempt FOR NO KEY UPDATE;
  RETURN a;
END $$;

-- The same for many, always in the same order, so that two that do this never wait for each other: batch by batch, so that
-- what is then done in this order takes the rows of batches in order too.
CREATE FUNCTION lock_attempts(p_attempts uuid[]) RETURNS attempts[] LANGUAGE plpgsql AS $$
DECLARE
  next_id uuid;
  locked attempts[] := '{}';
BEGIN
  FOR next_id IN SELECT id FROM (SELECT DISTINCT unnest(p_attempts) AS id) wanted ORDER BY (SELECT (a.batch_id, a.recipient_id) FROM attempts a WHERE a.id = wanted.id), id LOOP
    locked := array_append(locked, lock_attempt(next_id));
  END LOOP;
  RETURN locked;
END $$;

-- Puts a recipient back to waiting after an attempt that cost nothing. A batch that is over takes nobody back: its row is
-- locked, so that no cancel or finish comes in between.
CREATE FUNCTION requeue_recipient(a attempts, p_due_at timestamptz, p_wait_reason text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE batch_status text;
BEGIN
  SELECT status INTO batch_status FROM batches WHERE id = a.batch_id FOR SHARE;
  UPDATE recipient_states r SET
    state = CASE batch_status WHEN 'CANCELLED' THEN 'CANCELLED' WHEN 'COMPLETED' THEN 'FAILED' WHEN 'FAILED' THEN 'FAILED' ELSE 'WAITING' END,
    due_at = greatest(p_due_at, r.not_before), wait_reason = p_wait_reason, last_error = a.end_reason,
    attempts_spent = greatest(r.attempts_spent - a.spends_attempt::integer, 0)
    WHERE r.recipient_id = a.recipient_id AND r.last_attempt_id = a.id AND r.state IN ('IN_PROGRESS', 'UNCERTAIN');
END $$;

-- When the retry policy calls a recipient again whose attempt ended like this; NULL: never. Counted from when we learned
-- of the end, 10 s at least, so that a fact that corrects it has time to come. r still counts this attempt as spent.
CREATE FUNCTION retry_at(b batches, r recipient_states, p_outcome text, p_now timestamptz) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
DECLARE
  rule jsonb := b.retry_policy -> 'outcomes' -> p_outcome;
  due timestamptz;
BEGIN
  IF rule IS NULL OR p_outcome IN ('ANSWERED', 'INVALID_NUMBER', 'CANCELLED', 'UNCERTAIN')
    OR b.status NOT IN ('SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED')
    OR r.attempts_spent >= least(b.max_attempts, (rule ->> 'attempts')::integer) THEN RETURN NULL; END IF;
  due := greatest(p_now + greatest((rule ->> 'delayMs')::bigint * interval '1 ms', interval '10 s'), r.not_before);
  IF due > (b.retry_policy ->> 'notAfter')::timestamptz OR due >= r.not_after THEN RETURN NULL; END IF;
  RETURN due;
END $$;

-- The end of an attempt: outcome, slot free, recipient by retry policy or by the outcome table. A later fact that ends it
-- otherwise takes the same way, which withdraws a retry that was not dialled yet. The caller holds both rows; what it knows
-- of the call (its id, and that it was accepted) is in `a`.
CREATE FUNCTION end_attempt(a attempts, p_outcome text, p_end_reason text, p_ended_at timestamptz, p_duration_ms integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz := dialwright_now();
  b batches;
  r recipient_states;
  due timestamptz;
BEGIN
  SELECT * INTO b FROM batches WHERE id = a.batch_id;
  UPDATE attempts SET state = 'ENDED', outcome = p_outcome, end_reason = p_end_reason, by_verdict = false, deferral = NULL, ended_at = p_ended_at,
    provider_call_id = a.provider_call_id, accepted_at = a.accepted_at, duration_ms = p_duration_ms, slot_held = false, displaced = false, spends_attempt = true, settle_at = NULL,
    successful = CASE WHEN b.success_criterion ? 'minimumDurationMs'
      THEN p_outcome = 'ANSWERED' AND p_duration_ms >= (b.success_criterion ->> 'minimumDurationMs')::integer ELSE successful END WHERE id = a.id;
  SELECT * INTO r FROM recipient_states WHERE recipient_id = a.recipient_id AND last_attempt_id = a.id;
  IF FOUND THEN
    r.attempts_spent := r.attempts_spent + (NOT a.spends_attempt)::integer;
    IF retry_at(b, r, p_outcome, t) IS NOT NULL THEN
      -- It goes back to waiting: no cancel or finish may come in between.
      SELECT * INTO b FROM batches WHERE id = a.batch_id FOR SHARE;
      due := retry_at(b, r, p_outcome, t);
    END IF;
    UPDATE recipient_states SET state = CASE WHEN due IS NULL THEN recipient_state_of(p_outcome) ELSE 'WAITING' END,
      due_at = coalesce(due, due_at), wait_reason = CASE WHEN due IS NOT NULL THEN 'RETRY' END, attempts_spent = r.attempts_spent,
      last_outcome = p_outcome, last_error = CASE WHEN recipient_state_of(p_outcome) = 'FAILED' THEN p_end_reason END
      WHERE recipient_id = a.recipient_id AND last_attempt_id = a.id;
  END IF;
  PERFORM notify_lanes(a.workspace_id);
END $$;

-- The provider would not take the call now, for a reason that is not the recipient's: nothing is spent and the recipient
-- waits. `capacity` backs the number off, 2 s doubling to 60 s, or as long as the provider says; requests that were under
-- way when it did so count once. `payment` and `permission` would meet every call: the batch pauses and says why, and the
-- caller holds W. The caller holds both rows.
CREATE FUNCTION defer_attempt(a attempts, p_deferral text, p_end_reason text, p_retry_after interval, p_pause_reason text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE t timestamptz := dialwright_now();
BEGIN
  UPDATE attempts SET state = 'ENDED', outcome = 'PROVIDER_ERROR', end_reason = p_end_reason, by_verdict = false, deferral = p_deferral, ended_at = t,
    provider_call_id = a.provider_call_id, accepted_at = a.accepted_at, slot_held = false, displaced = false, spends_attempt = false, settle_at = NULL WHERE id = a.id;
  a.end_reason := p_end_reason;
  IF p_deferral = 'capacity' THEN
    UPDATE phone_numbers SET backoff_ms = next.ms, backed_off_until = t + greatest(next.ms * interval '1 ms', least(coalesce(p_retry_after, interval '0'), interval '5 minutes'))
      FROM (SELECT least(greatest(backoff_ms * 2, 2000), 60000) AS ms FROM phone_numbers WHERE id = a.from_number_id) next
      WHERE id = a.from_number_id AND backed_off_until <= a.dialing_at;
  ELSE
    PERFORM change_batch(a.workspace_id, a.batch_id, 'pause', ARRAY['RUNNING'], 'dialwright', NULL, jsonb_build_object('statusReason', p_pause_reason));
  END IF;
  PERFORM requeue_recipient(a, t, 'PROVIDER_REFUSED');
  PERFORM notify_lanes(a.workspace_id);
END $$;

-- The provider's call id for this attempt: the one it has, else the given one, unless another attempt has that.
CREATE FUNCTION call_id_for(a attempts, p_call_id text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce(a.provider_call_id, CASE WHEN NOT EXISTS (SELECT FROM attempts o
    WHERE o.provider_account_id = a.provider_account_id AND o.provider_call_id = p_call_id) THEN p_call_id END)
$$;

-- Whether this call, which nobody had counted on, was live beside a newer one of the same recipient or number, which is
-- live. That is recorded for an operator to see. p_until: when this one ended; infinity when it is live.
CREATE FUNCTION was_live_beside_another(a attempts, p_until timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  IF a.slot_held THEN RETURN false; END IF;
  PERFORM FROM attempts o WHERE o.id <> a.id AND o.slot_held AND NOT o.displaced AND o.dialing_at < p_until
    AND (o.recipient_id = a.recipient_id OR o.workspace_id = a.workspace_id AND o.phone = a.phone);
  IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO audit_events (workspace_id, batch_id, attempt_id, actor, action, detail)
    VALUES (a.workspace_id, a.batch_id, a.id, 'dialwright', 'two live calls', jsonb_build_object('was', a.state));
  RETURN true;
END $$;

-- Evidence of a live call outranks whatever was believed: the attempt is in progress, and slot and recipient are taken
-- back. If a newer attempt of the same recipient or number is live too, both count, this one marked displaced; it is hung
-- up where that is possible, and recorded for an operator to see. A call seen alive may go on for a whole call length.
-- The caller holds both rows.
CREATE FUNCTION show_call_live(a attempts, p_call_id text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz := dialwright_now();
  two_live boolean := was_live_beside_another(a, 'infinity');
BEGIN
  UPDATE attempts x SET state = 'IN_PROGRESS', outcome = NULL, by_verdict = false, deferral = NULL, ended_at = NULL, end_reason = NULL,
    provider_call_id = call_id_for(a, p_call_id), accepted_at = coalesce(accepted_at, t),
    slot_held = true, displaced = two_live, spends_attempt = true, absent_count = 0,
    hang_up_asked_at = CASE WHEN two_live THEN coalesce(hang_up_asked_at, t) ELSE hang_up_asked_at END,
    hard_end_at = CASE WHEN x.hard_end_at > t THEN x.hard_end_at ELSE t + p.call_length_max_ms * interval '1 ms' + interval '60 s' END,
    -- Looked up when its account says, or when it must be over; at once when it is to be hung up.
    settle_at = CASE WHEN two_live OR hang_up_asked_at IS NOT NULL THEN t
      ELSE least(t + p.poll_interval_ms * interval '1 ms', greatest(x.hard_end_at - interval '60 s', t)) END
    FROM provider_accounts p WHERE x.id = a.id AND p.id = x.provider_account_id;
  UPDATE recipient_states r SET state = 'IN_PROGRESS', wait_reason = NULL, attempts_spent = r.attempts_spent + (NOT a.spends_attempt)::integer
    FROM batches b WHERE r.recipient_id = a.recipient_id AND r.last_attempt_id = a.id AND r.state <> 'IN_PROGRESS' AND b.id = a.batch_id
      AND b.status NOT IN ('COMPLETED', 'CANCELLED', 'FAILED');
END $$;

-- Why a batch pauses when its provider account cannot call for it.
CREATE FUNCTION pause_reason_of(p_deferral text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE p_deferral
    WHEN 'payment' THEN 'The provider asks for payment. Settle the account there, then resume.'
    WHEN 'permission' THEN 'The provider refused permission. Check its credentials and the from-number, then resume.' END
$$;

-- The fold: whatever facts are stored now decide the attempt's state, so that order and repetition do not matter. Of
-- several ends an answered call wins, then the earliest. The caller holds both rows.
CREATE FUNCTION fold_facts(a attempts) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  ended call_events;
  live call_events;
  -- Nothing that was observed says that it is over: anything that was may correct it.
  is_open boolean := a.state <> 'ENDED' OR a.by_verdict OR NOT a.spends_attempt;
BEGIN
  SELECT * INTO ended FROM call_events WHERE attempt_id = a.id AND kind = 'ENDED' ORDER BY outcome = 'ANSWERED' DESC NULLS LAST, occurred_at, event_key LIMIT 1;
  IF FOUND THEN
    IF is_open OR a.outcome IS DISTINCT FROM coalesce(ended.outcome, 'PROVIDER_ERROR') THEN
      a.provider_call_id := call_id_for(a, ended.provider_call_id);
      a.accepted_at := coalesce(a.accepted_at, dialwright_now());
      IF ended.deferral IS NULL THEN
        IF is_open THEN PERFORM was_live_beside_another(a, ended.occurred_at); END IF;
        PERFORM end_attempt(a, coalesce(ended.outcome, 'PROVIDER_ERROR'), ended.end_reason, ended.occurred_at, ended.duration_ms);
      ELSIF a.deferral IS NULL THEN
        PERFORM defer_attempt(a, ended.deferral, ended.end_reason, NULL, pause_reason_of(ended.deferral));
      END IF;
    END IF;
  ELSIF is_open AND a.state <> 'IN_PROGRESS' THEN
    SELECT * INTO live FROM call_events WHERE attempt_id = a.id ORDER BY received_at, id LIMIT 1;
    IF FOUND THEN PERFORM show_call_live(a, live.provider_call_id); END IF;
  END IF;
  UPDATE attempts SET successful = e.successful FROM call_events e, batches b
    WHERE attempts.id = a.id AND e.attempt_id = a.id AND e.kind = 'ANALYZED' AND attempts.successful IS DISTINCT FROM e.successful
      AND b.id = a.batch_id AND NOT coalesce(b.success_criterion ? 'minimumDurationMs', false);
END $$;

-- ANSWER, accepted: the provider has the call. Repeating it changes nothing. Facts that came before it are taken up, and
-- a number that was backed off is trusted again.
CREATE FUNCTION accept_call(p_attempt uuid, p_call_id text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  a attempts;
  call_id text;
BEGIN
  a := lock_attempt(p_attempt);
  call_id := call_id_for(a, p_call_id);
  IF call_id IS DISTINCT FROM p_call_id THEN
    INSERT INTO audit_events (workspace_id, batch_id, attempt_id, actor, action, detail)
    VALUES (a.workspace_id, a.batch_id, a.id, 'dialwright',
      CASE WHEN a.provider_call_id IS NULL THEN 'call of another attempt' ELSE 'two calls for one attempt' END,
      jsonb_build_object('callIds', jsonb_build_array(a.provider_call_id, p_call_id)));
  END IF;
  IF a.state IN ('DIALING', 'UNCERTAIN', 'RELEASED', 'NOT_PLACED') OR a.state = 'ENDED' AND (a.by_verdict OR NOT a.spends_attempt AND a.accepted_at IS NULL) THEN
    PERFORM show_call_live(a, p_call_id);
  ELSIF a.provider_call_id IS NULL AND call_id IS NOT NULL THEN
    UPDATE attempts SET provider_call_id = call_id WHERE id = a.id;
  END IF;
  UPDATE phone_numbers SET backoff_ms = 0 WHERE id = a.from_number_id AND backoff_ms > 0 AND backed_off_until <= a.dialing_at;
  IF FOUND THEN PERFORM notify_lanes(a.workspace_id); END IF;
  UPDATE call_events SET attempt_id = a.id
    WHERE provider_account_id = a.provider_account_id AND provider_call_id = p_call_id AND attempt_id IS NULL AND reference IS NULL;
  IF FOUND THEN
    SELECT * INTO a FROM attempts WHERE id = p_attempt;
    PERFORM fold_facts(a);
  END IF;
  SELECT state INTO a.state FROM attempts WHERE id = p_attempt;
  RETURN a.state;
END $$;

-- Facts without our reference may be waiting for these attempts that pause their batches: that needs W, before any row.
CREATE FUNCTION lock_workspaces_of_strays(p_call_ids text[], p_attempts uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM lock_workspace(id) FROM (SELECT DISTINCT (SELECT workspace_id FROM attempts WHERE id = c.attempt) AS id
    FROM unnest(p_call_ids, p_attempts) AS c (call_id, attempt)
    WHERE EXISTS (SELECT FROM call_events e WHERE e.provider_account_id = (SELECT provider_account_id FROM attempts WHERE id = c.attempt)
      AND e.provider_call_id = c.call_id AND e.attempt_id IS NULL AND e.deferral IN ('payment', 'permission')) ORDER BY 1) owners;
END $$;

-- A write behind which others wait gives way soon to whoever holds one of its rows; its members are then written one by one.
CREATE FUNCTION give_way_soon() RETURNS void LANGUAGE sql AS $$
  SELECT set_config('lock_timeout', '500ms', true)
$$;

-- The same for many calls in one commit; answers in the order given. All rows are locked before the first is written, those of
-- numbers that were backed off too.
CREATE FUNCTION accept_calls(p_attempts uuid[], p_call_ids text[], p_gives_way boolean) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
  states text[] := array_fill(NULL::text, ARRAY[cardinality(p_attempts)]);
  call record;
BEGIN
  IF p_gives_way THEN PERFORM give_way_soon(); END IF;
  PERFORM lock_workspaces_of_strays(p_call_ids, p_attempts);
  PERFORM lock_attempts(p_attempts);
  PERFORM FROM phone_numbers n WHERE n.backoff_ms > 0 AND n.id IN (SELECT x.from_number_id FROM attempts x WHERE x.id = ANY (p_attempts))
    ORDER BY n.id FOR NO KEY UPDATE;
  FOR call IN SELECT c.attempt, c.call_id, c.place FROM unnest(p_attempts, p_call_ids) WITH ORDINALITY AS c (attempt, call_id, place)
    ORDER BY (SELECT (x.batch_id, x.recipient_id) FROM attempts x WHERE x.id = c.attempt), c.place
  LOOP
    states[call.place] := accept_call(call.attempt, call.call_id);
  END LOOP;
  RETURN states;
END $$;

-- ANSWER, refused with proof that there is no call. Returns false when the attempt is no longer ours to end.
CREATE FUNCTION refuse_call(p_attempt uuid, p_token uuid, p_outcome text, p_end_reason text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE a attempts;
BEGIN
  a := lock_attempt(p_attempt);
  IF a.dial_token <> p_token OR a.state NOT IN ('DIALING', 'UNCERTAIN') THEN RETURN false; END IF;
  PERFORM end_attempt(a, p_outcome, p_end_reason, dialwright_now(), NULL);
  RETURN true;
END $$;

-- ANSWER, refused because the provider, or our account there, takes no calls now. p_deferral: capacity, payment or
-- permission. Returns false when the attempt is no longer ours to end.
CREATE FUNCTION defer_call(p_attempt uuid, p_token uuid, p_deferral text, p_end_reason text, p_retry_after interval) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE a attempts;
BEGIN
  -- W for the pause: once it shows, no further call starts.
  IF p_deferral <> 'capacity' THEN PERFORM lock_workspace((SELECT workspace_id FROM attempts WHERE id = p_attempt)); END IF;
  a := lock_attempt(p_attempt);
  IF a.dial_token <> p_token OR a.state NOT IN ('DIALING', 'UNCERTAIN') THEN RETURN false; END IF;
  PERFORM defer_attempt(a, p_deferral, p_end_reason, p_retry_after, pause_reason_of(p_deferral));
  RETURN true;
END $$;

-- ANSWER, unknown: nobody can tell whether there is a call. The slot stays held; the settler asks the provider.
CREATE FUNCTION doubt_call(p_attempt uuid, p_token uuid, p_end_reason text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE a attempts;
BEGIN
  a := lock_attempt(p_attempt);
  IF a.dial_token <> p_token OR a.state <> 'DIALING' THEN RETURN false; END IF;
  UPDATE attempts SET state = 'UNCERTAIN', end_reason = p_end_reason, settle_at = dialwright_now() WHERE id = a.id;
  RETURN true;
END $$;

-- Nothing was sent: slot free, recipient waiting. Found by the claim key, because the one who asks may not know whether
-- its claim was committed; W makes it run after that commit, if there was one. Only the holder of the dial token can ask.
CREATE FUNCTION release_call(p_workspace uuid, p_claim_key text, p_token uuid, p_why text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE a attempts;
BEGIN
  PERFORM lock_workspace(p_workspace);
  SELECT * INTO a FROM lock_attempt((SELECT id FROM attempts WHERE claim_key = p_claim_key AND dial_token = p_token));
  -- In doubt only because the deadline passed before its holder could say so.
  IF a.id IS NULL OR a.state NOT IN ('DIALING', 'UNCERTAIN') OR a.provider_call_id IS NOT NULL OR a.by_verdict THEN RETURN false; END IF;
  UPDATE attempts SET state = 'RELEASED', end_reason = p_why, ended_at = dialwright_now(), slot_held = false, displaced = false,
    spends_attempt = false, settle_at = NULL WHERE id = a.id;
  PERFORM requeue_recipient(a, dialwright_now(), NULL);
  PERFORM notify_lanes(a.workspace_id);
  RETURN true;
END $$;

-- EVENT. Stores facts once each, finds their attempts by our reference and the account, else by the provider's call id,
-- and folds them in, once for each attempt. Facts whose attempt is not known yet stay as strays: accept_call and the
-- settler take them up. Returns how many were new.
CREATE FUNCTION record_facts(p_account uuid, p_facts jsonb, p_gives_way boolean) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  owners uuid[];
  locked attempts[];
  a attempts;
  stored integer;
  news uuid[];
BEGIN
  IF p_gives_way THEN PERFORM give_way_soon(); END IF;
  -- A fact that pauses its batch needs W, before any row.
  IF jsonb_path_exists(p_facts, '$[*].deferral ? (@ == "payment" || @ == "permission")') THEN
    PERFORM lock_workspace((SELECT workspace_id FROM provider_accounts WHERE id = p_account));
  END IF;
  -- Two look-ups, each by its unique index. With OR, or with the account beside the reference, a planner without
  -- statistics reads every attempt of the account.
  owners := ARRAY(SELECT CASE WHEN reference IS NULL THEN (SELECT id FROM attempts WHERE provider_account_id = p_account AND provider_call_id = f."callId")
      ELSE (SELECT CASE provider_account_id WHEN p_account THEN id END FROM attempts WHERE id = f.reference) END
    FROM ROWS FROM (jsonb_to_recordset(p_facts) AS (reference uuid, "callId" text)) WITH ORDINALITY AS f ORDER BY ordinality);
  -- All rows before the first is written: the foreign key of an event would lock its attempt too, in the order of events.
  locked := lock_attempts(array_remove(owners, NULL));
  WITH new AS (
    INSERT INTO call_events (provider_account_id, event_key, attempt_id, kind, provider_call_id, reference, occurred_at, outcome,
      end_reason, duration_ms, successful, deferral, details)
    SELECT p_account, "eventKey", owners[ordinality], kind, "callId", reference, "occurredAt", outcome, "endReason", "durationMs", successful, deferral, coalesce(details, '{}')
      FROM ROWS FROM (jsonb_to_recordset(p_facts) AS ("eventKey" text, kind text, "callId" text, reference uuid, "occurredAt" timestamptz, outcome text,
        "endReason" text, "durationMs" integer, successful boolean, deferral text, details jsonb)) WITH ORDINALITY AS f ORDER BY "eventKey"
    ON CONFLICT (provider_account_id, event_key) DO NOTHING
    RETURNING attempt_id)
  SELECT count(*), array_agg(attempt_id) INTO stored, news FROM new;
  FOREACH a IN ARRAY locked LOOP
    IF a.id = ANY (news) THEN PERFORM fold_facts(a); END IF;
  END LOOP;
  RETURN stored;
END $$;

-- SETTLE. Takes attempts whose time to be looked at has come, each by one settler at a time, and sets their next look.
-- DIALING past its deadline becomes UNCERTAIN. Past its hard end an attempt frees its slot and its recipient is settled
-- as UNCERTAIN, until a verdict or evidence comes; one that was ended by a verdict frees its slot then. The rest is
-- returned, for the provider to be asked, and for the call to be hung up if somebody asked for that.
CREATE FUNCTION take_unsettled(p_limit integer, p_next_look interval)
RETURNS TABLE (attempt_id uuid, provider_account_id uuid, state text, hang_up_call_id text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  t timestamptz := dialwright_now();
  owed record;
  a attempts;
BEGIN
  FOR owed IN SELECT x.id, x.recipient_id FROM attempts x WHERE x.settle_at <= t ORDER BY x.settle_at LIMIT p_limit LOOP
    PERFORM FROM recipient_states r WHERE r.recipient_id = owed.recipient_id FOR NO KEY UPDATE SKIP LOCKED;
    CONTINUE WHEN NOT FOUND;
    SELECT * INTO a FROM attempts x WHERE x.id = owed.id AND x.settle_at <= t FOR NO KEY UPDATE SKIP LOCKED;
    CONTINUE WHEN NOT FOUND;
    IF a.by_verdict THEN
      UPDATE attempts SET slot_held = false, displaced = false, settle_at = NULL WHERE id = a.id;
      PERFORM notify_lanes(a.workspace_id);
      CONTINUE;
    END IF;
    IF a.state = 'DIALING' THEN
      UPDATE attempts SET state = 'UNCERTAIN', end_reason = 'no answer recorded before the dial deadline' WHERE id = a.id;
      a.state := 'UNCERTAIN';
    END IF;
    IF a.state <> 'NOT_PLACED' AND t >= a.hard_end_at THEN
      UPDATE attempts SET state = 'UNCERTAIN', slot_held = false, displaced = false, settle_at = NULL,
        end_reason = coalesce(end_reason, 'no end was reported before the hard end') WHERE id = a.id;
      UPDATE recipient_states SET state = 'UNCERTAIN', last_outcome = 'UNCERTAIN', wait_reason = NULL
        WHERE recipient_id = a.recipient_id AND last_attempt_id = a.id AND state = 'IN_PROGRESS';
      PERFORM notify_lanes(a.workspace_id);
      CONTINUE;
    END IF;
    UPDATE attempts x SET settle_at = CASE a.state
        WHEN 'NOT_PLACED' THEN t + p_next_look
        WHEN 'IN_PROGRESS' THEN CASE WHEN a.hang_up_asked_at IS NOT NULL OR t >= a.hard_end_at - interval '60 s' THEN least(t + p_next_look, a.hard_end_at)
          ELSE least(t + p.poll_interval_ms * interval '1 ms', a.hard_end_at - interval '60 s') END
        ELSE least(t + p_next_look, a.hard_end_at) END
      FROM provider_accounts p WHERE x.id = a.id AND p.id = a.provider_account_id;
    RETURN QUERY SELECT a.id, a.provider_account_id, a.state,
      CASE WHEN a.state = 'IN_PROGRESS' AND a.hang_up_asked_at IS NOT NULL THEN a.provider_call_id END;
  END LOOP;
END $$;

-- The provider, which lists every call it has ever taken, knows none with this reference. Two absents at least a settle
-- delay apart, and no call id: NOT_PLACED (a fact would have moved it out of UNCERTAIN). The recipient then waits until
-- one more absent is seen after the confirm delay. Only adapters that declare `history` may call this. Returns the attempt's state.
CREATE FUNCTION note_absent(p_attempt uuid, p_settle_delay interval, p_confirm_delay interval) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  a attempts;
  t timestamptz;
BEGIN
  a := lock_attempt(p_attempt);
  t := dialwright_now();
  IF a.state NOT IN ('UNCERTAIN', 'NOT_PLACED') OR a.by_verdict OR a.provider_call_id IS NOT NULL THEN
    RETURN a.state;
  END IF;
  IF a.state = 'NOT_PLACED' THEN
    UPDATE attempts SET settle_at = NULL, absent_count = absent_count + 1, absent_at = t WHERE id = a.id;
    UPDATE recipient_states SET due_at = greatest(t, not_before), wait_reason = NULL
      WHERE recipient_id = a.recipient_id AND last_attempt_id = a.id AND state = 'WAITING' AND wait_reason = 'CONFIRMING_ABSENCE';
    PERFORM notify_lanes(a.workspace_id);
  ELSIF a.absent_count = 0 THEN
    UPDATE attempts SET absent_count = 1, absent_at = t, settle_at = t + p_settle_delay WHERE id = a.id;
  ELSIF t < a.absent_at + p_settle_delay THEN
    UPDATE attempts SET settle_at = a.absent_at + p_settle_delay WHERE id = a.id;
  ELSE
    UPDATE attempts SET state = 'NOT_PLACED', absent_count = absent_count + 1, absent_at = t, ended_at = t, slot_held = false, displaced = false,
      spends_attempt = false, settle_at = t + p_confirm_delay WHERE id = a.id;
    PERFORM requeue_recipient(a, 'infinity', 'CONFIRMING_ABSENCE');
    PERFORM notify_lanes(a.workspace_id);
  END IF;
  SELECT state INTO a.state FROM attempts WHERE id = p_attempt;
  RETURN a.state;
END $$;

-- OPERATOR'S VERDICT on an attempt that nobody can explain: CALLED ends it with the given outcome, NOT_CALLED puts the
-- recipient back, GIVE_UP ends it as UNCERTAIN. Its call may be live all the same, so its slot stays held until the hard
-- end; later evidence still corrects it. A command id that was seen already changes nothing. result: GIVEN, NOT_FOUND or
-- NOT_UNCERTAIN with the state that was found.
CREATE FUNCTION give_verdict(p_workspace uuid, p_attempt uuid, p_verdict text, p_outcome text, p_actor text, p_command_id text,
  OUT result text, OUT state text, OUT batch_id uuid) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  a attempts;
  held boolean;
BEGIN
  a := lock_attempt((SELECT id FROM attempts WHERE id = p_attempt AND workspace_id = p_workspace));
  state := a.state;
  batch_id := a.batch_id;
  IF a.id IS NULL THEN result := 'NOT_FOUND'; RETURN; END IF;
  IF EXISTS (SELECT FROM audit_events WHERE command_id = p_command_id) THEN result := 'GIVEN'; RETURN; END IF;
  IF a.state <> 'UNCERTAIN' THEN result := 'NOT_UNCERTAIN'; RETURN; END IF;
  held := a.slot_held AND a.hard_end_at > dialwright_now();
  IF p_verdict = 'NOT_CALLED' THEN
    UPDATE attempts SET state = 'NOT_PLACED', by_verdict = true, ended_at = dialwright_now(), spends_attempt = false,
      slot_held = held, settle_at = CASE WHEN held THEN hard_end_at END WHERE id = a.id;
    PERFORM requeue_recipient(a, CASE WHEN held THEN a.hard_end_at ELSE dialwright_now() END, CASE WHEN held THEN 'NUMBER_IN_CALL' END);
    PERFORM notify_lanes(a.workspace_id);
  ELSE
    PERFORM end_attempt(a, CASE p_verdict WHEN 'CALLED' THEN p_outcome ELSE 'UNCERTAIN' END, 'verdict of an operator', dialwright_now(), NULL);
    UPDATE attempts SET by_verdict = true, slot_held = held, settle_at = CASE WHEN held THEN hard_end_at END WHERE id = a.id;
  END IF;
  INSERT INTO audit_events (workspace_id, batch_id, attempt_id, actor, action, command_id, detail)
    VALUES (a.workspace_id, a.batch_id, a.id, p_actor, 'verdict', p_command_id, jsonb_build_object('verdict', p_verdict, 'outcome', p_outcome));
  SELECT x.state INTO state FROM attempts x WHERE x.id = a.id;
  result := 'GIVEN';
END $$;

-- Asks for one live call to be hung up; the settler does it. result: REQUESTED, NOT_FOUND or NOT_LIVE with its state.
CREATE FUNCTION request_hang_up(p_workspace uuid, p_attempt uuid, p_actor text, OUT result text, OUT state text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE a attempts;
BEGIN
  a := lock_attempt((SELECT id FROM attempts WHERE id = p_attempt AND workspace_id = p_workspace));
  state := a.state;
  IF a.id IS NULL THEN result := 'NOT_FOUND'; RETURN; END IF;
  IF a.state NOT IN ('DIALING', 'IN_PROGRESS') THEN result := 'NOT_LIVE'; RETURN; END IF;
  UPDATE attempts x SET hang_up_asked_at = dialwright_now(), settle_at = CASE x.state WHEN 'IN_PROGRESS' THEN dialwright_now() ELSE settle_at END WHERE x.id = a.id;
  INSERT INTO audit_events (workspace_id, batch_id, attempt_id, actor, action) VALUES (a.workspace_id, a.batch_id, a.id, p_actor, 'hang up');
  result := 'REQUESTED';
END $$;

-- Asks for the live calls of a workspace, or of one of its batches, to be hung up. Passes over those that are just being
-- written, so that it waits for nobody: repeat it until it finds none. Returns how many it found.
CREATE FUNCTION request_hang_ups(p_workspace uuid, p_batch uuid, p_limit integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz := dialwright_now();
  asked integer;
BEGIN
  UPDATE attempts SET hang_up_asked_at = t, settle_at = CASE state WHEN 'IN_PROGRESS' THEN t ELSE settle_at END
    WHERE id IN (SELECT id FROM attempts WHERE workspace_id = p_workspace AND (p_batch IS NULL OR batch_id = p_batch) AND slot_held
      AND state IN ('DIALING', 'IN_PROGRESS') AND hang_up_asked_at IS NULL LIMIT p_limit FOR NO KEY UPDATE SKIP LOCKED);
  GET DIAGNOSTICS asked = ROW_COUNT;
  RETURN asked;
END $$;

-- Facts that came before their attempt was known, matched by the provider's call id. Returns how many attempts changed.
CREATE FUNCTION match_strays() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  events uuid[];
  call_ids text[];
  owners uuid[];
  a attempts;
  matched integer := 0;
BEGIN
  SELECT array_agg(event_id), array_agg(provider_call_id), array_agg(attempt_id) INTO events, call_ids, owners FROM (
    SELECT e.id AS event_id, e.provider_call_id, x.id AS attempt_id FROM call_events e
      JOIN attempts x ON x.provider_account_id = e.provider_account_id AND (x.provider_call_id = e.provider_call_id OR x.id = e.reference)
      WHERE e.attempt_id IS NULL LIMIT 100) strays;
  IF owners IS NULL THEN RETURN 0; END IF;
  PERFORM lock_workspaces_of_strays(call_ids, owners);
  FOREACH a IN ARRAY lock_attempts(owners) LOOP
    UPDATE call_events SET attempt_id = a.id WHERE attempt_id IS NULL
      AND id IN (SELECT s.event_id FROM unnest(events, owners) AS s (event_id, attempt_id) WHERE s.attempt_id = a.id);
    CONTINUE WHEN NOT FOUND;
    PERFORM fold_facts(a);
    matched := matched + 1;
  END LOOP;
  RETURN matched;
END $$;
