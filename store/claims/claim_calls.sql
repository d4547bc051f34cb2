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
-- order or a whole key that one index has; no sort, join or scan that would read a table is left to choose. The
-- functions that it calls have its settings.
--
-- p_claim: {process, dialBudgetMs, requestTimeoutMs, claimsMax, lockWaitMaxMs, lanes: [{batchId, generation, laneEpoch,
-- claimKey, dialToken}]}. At most claimsMax calls are given. A claim that waits longer than lockWaitMaxMs for a lock
-- fails, and nothing is claimed: its calls would be dialled too late.
-- lane: its place in lanes. verdict: CLAIMED (attempt set), REPEATED (the key has an attempt already: never dial), WAIT
-- (nothing now; the reason may pass by an event, or in until_ms), END (this lane has nothing to wait for here; until_ms
-- says when there might be).
CREATE OR REPLACE FUNCTION claim_calls(p_workspace uuid, p_claim jsonb)
RETURNS TABLE (lane integer, verdict text, attempt jsonb, reason text, until_ms bigint, could_start integer)
LANGUAGE plpgsql SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
  SET enable_incremental_sort = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off
  SET plan_cache_mode = force_generic_plan SET jit = off AS $$
#variable_conflict use_column
DECLARE
  t timestamptz;
  dial_budget interval := make_interval(secs => (p_claim ->> 'dialBudgetMs')::float8 / 1000);
  request_timeout interval := make_interval(secs => (p_claim ->> 'requestTimeoutMs')::float8 / 1000);
  claims_max integer := p_claim ->> 'claimsMax';
  claims_left integer := claims_max;
  sorted jsonb;
  room jsonb;
  asks jsonb;
  shares jsonb := '{}';
  ask record;
  is_tried boolean;
  wanted integer;
  claimed integer;
BEGIN
  -- a. The lock first, then the one reading of the clock.
  IF p_claim ? 'lockWaitMaxMs' THEN PERFORM set_config('lock_timeout', p_claim ->> 'lockWaitMaxMs', true); END IF;
  PERFORM lock_workspace(p_workspace);
  t := dialwright_now();

  -- b. Lanes that may have a call, by batch: its status, hours and limits.
  SELECT jsonb_agg(s) INTO sorted FROM sort_lanes(p_workspace, p_claim -> 'lanes') s;
  RETURN QUERY SELECT * FROM turn_away_lanes(sorted);
  SELECT to_jsonb(r) INTO room FROM room_of_workspace(p_workspace, t, dial_budget) r;
  asks := ask_for_batches(p_workspace, p_claim ->> 'process', sorted, t, dial_budget, room);
  IF asks IS NULL THEN RETURN; END IF;

  -- c. Shares of one room, so that all together take no more than there is.
  IF least((room ->> 'all_slots')::integer, (room ->> 'starts')::integer) > 0 THEN
    shares := share_room(p_workspace, t, room, asks);
  END IF;

  -- d. Each batch takes its share; test calls first: a person waits for each. Lanes for which there is no call are told
  -- what to wait for.
  FOR ask IN
    SELECT value AS ask, jsonb_array_length(value -> 'lanes') AS lanes,
        coalesce((shares ->> (value ->> 'batchId'))::integer, 0) AS share
      FROM jsonb_array_elements(asks) WITH ORDINALITY
      ORDER BY value ->> 'kind' = 'TEST' DESC, ordinality
  LOOP
    wanted := least(ask.share, ask.lanes, claims_left);
    is_tried := wanted > 0;
    claimed := 0;
    -- Another batch of this claim may have taken what their number had left.
    IF is_tried AND claims_left < claims_max THEN
      wanted := least(wanted, wants_of_number((ask.ask ->> 'batchId')::uuid, t, dial_budget));
    END IF;
    IF wanted > 0 THEN
      RETURN QUERY SELECT * FROM dial_next(ask.ask, t, dial_budget, request_timeout, wanted, ask.share);
      GET DIAGNOSTICS claimed = ROW_COUNT;
      claims_left := claims_left - claimed;
    END IF;
    IF claimed < ask.lanes THEN
      RETURN QUERY SELECT * FROM let_lanes_wait(ask.ask, t, dial_budget, is_tried, ask.share, claimed);
    END IF;
  END LOOP;
END $$;
