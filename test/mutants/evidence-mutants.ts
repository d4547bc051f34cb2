import type { Mutant } from './mutant.js';

/** What is believed of a call, and what follows from it. */
export const EVIDENCE_MUTANTS: readonly Mutant[] = [
  {
    protection: 'the provider is asked how a call ended while no worker ran',
    file: 'store/attempts/take_unsettled.sql',
    find: "is_asked := a.provider_call_id IS NOT NULL AND a.settle_at < a.hard_end_at + interval '60 s'",
    replace: 'is_asked := false',
    spec: 'test/store/attempts/settler.spec.ts',
    title: 'learns from the provider how calls ended while no worker ran',
  },
  {
    protection: 'a call of which nothing is known any more is not asked about for ever',
    file: 'store/attempts/take_unsettled.sql',
    find: "is_asked := a.provider_call_id IS NOT NULL AND a.settle_at < a.hard_end_at + interval '60 s'",
    replace: 'is_asked := a.provider_call_id IS NOT NULL',
    spec: 'test/store/attempts/settle-attempts.spec.ts',
    title: 'is looked up as often as its account says, until its hard end',
  },
  {
    protection: 'only the holder of the dial token says that nothing was sent',
    file: 'store/calls/release_call.sql',
    find: 'WHERE claim_key = p_claim_key AND dial_token = p_token',
    replace: 'WHERE claim_key = p_claim_key',
    spec: 'test/store/calls/answer-call.spec.ts',
    title: 'not sent: the slot is free, the recipient waits, and nothing is spent',
  },
  {
    protection: 'only the holder of the dial token ends a refused call',
    file: 'store/calls/refuse_call.sql',
    find: `  IF a.dial_token <> p_token OR a.state NOT IN ('DIALING', 'UNCERTAIN') THEN RETURN false; END IF;
  PERFORM end_attempt`,
    replace: `  IF a.state NOT IN ('DIALING', 'UNCERTAIN') THEN RETURN false; END IF;
  PERFORM end_attempt`,
    spec: 'test/store/calls/answer-call.spec.ts',
    title: 'refused: the attempt ends with its outcome and frees its slot',
  },
  {
    protection: 'an attempt in doubt keeps its slot',
    file: 'store/calls/doubt_call.sql',
    find: "UPDATE attempts SET state = 'UNCERTAIN', end_reason = p_end_reason, settle_at = dialwright_now() WHERE id = a.id;",
    replace:
      "UPDATE attempts SET state = 'UNCERTAIN', slot_held = false, end_reason = p_end_reason, settle_at = dialwright_now() WHERE id = a.id;",
    spec: 'test/store/calls/answer-call.spec.ts',
    title: 'unknown: the attempt is uncertain, holds its slot',
  },
  {
    protection: 'two absents count only a settle delay apart',
    file: 'store/attempts/note_absent.sql',
    find: 'ELSIF t < a.absent_at + settle_delay THEN',
    replace: 'ELSIF false THEN',
    spec: 'test/store/attempts/settle-attempts.spec.ts',
    title: 'takes two absents a settle delay apart for NOT_PLACED',
  },
  {
    protection: 'one absent is not enough',
    file: 'store/attempts/note_absent.sql',
    find: '  ELSIF a.absent_count = 0 THEN',
    replace: '  ELSIF false THEN',
    spec: 'test/store/attempts/settle-attempts.spec.ts',
    title: 'takes two absents a settle delay apart for NOT_PLACED',
  },
  {
    protection: 'a third absent comes before the next call',
    file: 'store/attempts/note_absent.sql',
    find: "PERFORM requeue_recipient(a, 'infinity', 'CONFIRMING_ABSENCE');",
    replace: 'PERFORM requeue_recipient(a, t, NULL);',
    spec: 'test/store/attempts/settle-attempts.spec.ts',
    title: 'takes two absents a settle delay apart for NOT_PLACED',
  },
  {
    protection: 'only a history proves absence',
    file: 'activities/questions.ts',
    find: " && provider.traits.lookUp === 'history'",
    replace: '',
    spec: 'test/store/attempts/settler.spec.ts',
    title: 'takes absence for no proof of anything where the provider can only be asked by live-only',
  },
  {
    protection: 'a fact is stored once',
    file: 'store/facts/insert_facts.sql',
    find: 'SELECT p_workspace, p_account, "eventKey", p_owners',
    replace: 'SELECT p_workspace, p_account, "eventKey" || gen_random_uuid(), p_owners',
    spec: 'test/store/attempts/record-facts.spec.ts',
    title: 'stores a fact once, and counts only new ones',
  },
  {
    protection: 'an account is believed about its own attempts only',
    file: 'store/facts/owners_of_facts.sql',
    find: 'CASE provider_account_id WHEN p_account THEN id END',
    replace: 'id',
    spec: 'test/store/attempts/record-facts.spec.ts',
    title: 'does not believe another account that names our attempt',
  },
  {
    protection: 'of two ends an answered call wins',
    file: 'store/facts/fold_facts.sql',
    find: `    ORDER BY outcome = 'ANSWERED' DESC NULLS LAST, deferral IS NULL DESC, deferral = 'capacity', occurred_at,
      duration_ms NULLS LAST, event_key
    LIMIT 1;`,
    replace: '    ORDER BY received_at, id LIMIT 1;',
    spec: 'test/store/attempts/contradicting-facts.spec.ts',
    title: 'are the same in every order',
  },
  {
    protection: 'an end that would meet every call pauses the batch, in whatever order it comes',
    file: 'store/facts/fold_facts.sql',
    find: "WHERE attempt_id = a.id AND kind = 'ENDED' AND deferral <> 'capacity') e",
    replace:
      "WHERE attempt_id = a.id AND kind = 'ENDED' AND deferral <> 'capacity' AND a.deferral IS NULL AND is_open) e",
    spec: 'test/store/attempts/contradicting-facts.spec.ts',
    title: 'are the same in every order',
  },
  {
    protection: 'one attempt pauses its batch once',
    file: 'store/attempts/pause_for_deferral.sql',
    find: 'pause_reason_of(p_deferral), command)',
    replace: 'pause_reason_of(p_deferral))',
    spec: 'test/store/attempts/contradicting-facts.spec.ts',
    title: 'pause the batch once',
  },
  {
    protection: 'another end of a call is another fact',
    file: 'telephony/fact-key.ts',
    find: 'return `${callId}:${kind.toLowerCase()}:${digest}`;',
    replace: 'return `${callId}:${kind.toLowerCase()}${digest.slice(32)}`;',
    spec: 'test/conformance/contradicting-facts.spec.ts',
    title: 'was answered, whatever the order',
  },
  {
    protection: 'facts of one call are bounded',
    file: 'store/facts/insert_facts.sql',
    find: '<= facts_of_kind_max',
    replace: '> 0',
    spec: 'test/store/attempts/contradicting-facts.spec.ts',
    title: 'is bounded',
  },
  {
    protection: 'who was removed stays removed',
    file: 'store/attempts/end_attempt.sql',
    find: "(r.last_error IS NOT DISTINCT FROM 'REMOVED' OR",
    replace: '(',
    spec: 'test/store/batches/retry-after-cancel.spec.ts',
    title: 'calls nobody again who was removed',
  },
  {
    protection: 'a retry waits for the proof that there was no call',
    file: 'store/batches/retry_recipients.sql',
    find: "CASE WHEN unconfirmed THEN 'infinity' ELSE coalesce(r.not_before, '-infinity') END",
    replace: "coalesce(r.not_before, '-infinity')",
    spec: 'test/store/batches/retry-after-cancel.spec.ts',
    title: 'before that is confirmed',
  },
  {
    protection: 'a late fact leaves a newer attempt alone',
    file: 'store/attempts/end_attempt.sql',
    find: `SELECT * INTO r FROM recipient_states WHERE recipient_id = a.recipient_id AND last_attempt_id = a.id;
  IF FOUND AND`,
    replace: `SELECT * INTO r FROM recipient_states WHERE recipient_id = a.recipient_id;
  UPDATE recipient_states SET last_attempt_id = a.id WHERE recipient_id = a.recipient_id;
  IF FOUND AND`,
    spec: 'test/store/attempts/retry-policy.spec.ts',
    title: 'leaves a retry that is being dialled alone',
  },
  {
    protection: 'a retry leaves time for a correction',
    file: 'store/attempts/retry_at.sql',
    find: "greatest((rule ->> 'delayMs')::bigint * interval '1 ms', interval '10 s')",
    replace: "((rule ->> 'delayMs')::bigint * interval '1 ms')",
    spec: 'test/store/attempts/retry-policy.spec.ts',
    title: 'leaves 10 seconds for a correction',
  },
  {
    protection: 'a retry has attempts left',
    file: 'store/attempts/retry_at.sql',
    find: "    OR r.attempts_spent >= least(b.max_attempts, (rule ->> 'attempts')::integer) THEN RETURN NULL; END IF;",
    replace: ' THEN RETURN NULL; END IF;',
    spec: 'test/store/attempts/retry-policy.spec.ts',
    title: 'puts a recipient back after the delay of its outcome, until its attempts are spent',
  },
  {
    protection: 'a requeue locks the batch',
    file: 'store/attempts/requeue_recipient.sql',
    find: 'SELECT status INTO batch_status FROM batches WHERE id = a.batch_id FOR SHARE;',
    replace: 'SELECT status INTO batch_status FROM batches WHERE id = a.batch_id;',
    spec: 'test/races/cancel.spec.ts',
    title: 'is seen by a refused call that is put back',
  },
  {
    protection: 'an end that is retried locks the batch',
    file: 'store/attempts/end_attempt.sql',
    find: '      SELECT * INTO b FROM batches WHERE id = a.batch_id FOR SHARE;',
    replace: '      SELECT * INTO b FROM batches WHERE id = a.batch_id;',
    spec: 'test/races/cancel.spec.ts',
    title: 'is seen by an end that the retry policy would call again',
  },
  {
    protection: 'a dial that was not answered is doubted',
    file: 'store/attempts/take_unsettled.sql',
    find: `    IF a.state = 'DIALING' THEN
`,
    replace: `    IF false THEN
`,
    spec: 'test/store/attempts/settle-attempts.spec.ts',
    title: 'doubts a dial whose deadline has passed',
  },
  {
    protection: 'a slot is not held for ever',
    file: 'store/attempts/end_overdue.sql',
    find: 'WHERE x.hard_end_at <= t AND',
    replace: 'WHERE false AND',
    spec: 'test/store/attempts/settle-attempts.spec.ts',
    title: 'frees the slot of a call past its hard end',
  },
  {
    protection: 'a verdict keeps the slot until the hard end',
    file: 'store/attempts/give_verdict.sql',
    find: '  held := a.slot_held AND a.hard_end_at > dialwright_now();',
    replace: '  held := false;',
    spec: 'test/store/attempts/verdict-and-hang-up.spec.ts',
    title: 'NOT_CALLED calls the recipient again, but not while the slot of the first call is held',
  },
  {
    protection: 'a verdict needs doubt',
    file: 'store/attempts/give_verdict.sql',
    find: `  IF a.state <> 'UNCERTAIN' THEN result := 'NOT_UNCERTAIN'; RETURN; END IF;
`,
    replace: '',
    spec: 'test/store/attempts/verdict-and-hang-up.spec.ts',
    title: 'is refused for an attempt that is not uncertain',
  },
  {
    protection: 'a finish needs everybody settled',
    file: 'store/changes/change_problem.sql',
    find: '(unsettled_state(b.id) IS NOT NULL OR has_rows_outstanding(b))',
    replace: 'has_rows_outstanding(b)',
    spec: 'test/store/batches/change-batch.spec.ts',
    title: 'finishes only when every recipient is settled',
  },
  {
    protection: 'a command applies once',
    file: 'store/changes/change_batch.sql',
    find: "EXISTS (SELECT FROM commands WHERE command_id = p_change ->> 'commandId')",
    replace: 'false',
    spec: 'test/store/batches/change-batch.spec.ts',
    title: 'applies a command id once',
  },
  {
    protection: 'the sweeper finds work without a lane',
    file: 'store/batches/look_after_batch.sql',
    find: "IN ('READY', 'SETTLED', 'NEVER_OPEN')",
    replace: "IN ('NONE')",
    spec: 'test/store/batches/wakes.spec.ts',
    title: 'finds work without a lane once, and not while lanes are seen',
  },
  {
    protection: 'the sweeper finds a wake that was lost',
    file: 'store/batches/look_after_batch.sql',
    find: "wake_wanted := lanes_lost OR b.wake_sent_at IS NOT NULL OR b.status = 'PENDING'",
    replace: "wake_wanted := lanes_lost OR b.status = 'PENDING'",
    spec: 'test/store/batches/wakes.spec.ts',
    title: 'finds a wake that nobody answered',
  },
  {
    protection: 'a request leaves within the dial budget',
    file: 'telephony/send-request.ts',
    find: `      if (performance.now() >= sendBeforeMs) {
        failUnsent();
        return;
      }
`,
    replace: '',
    spec: 'test/conformance/simulator.spec.ts',
    title: 'sends nothing once the dial budget has passed, on a kept connection too',
  },
  {
    protection: "neither the provider's SDK nor we repeat a request",
    file: 'telephony/retell/send-by-sdk.ts',
    find: `    if (sending) throw new Error('the request was sent already');
    sending = send(requestOf(String(url), init, limits));
    return responseOf(await sending);
  };
  try {
    await operate(
      new Retell({
        apiKey: account.credentials.apiKey,
        baseURL: account.baseUrl,
        maxRetries: 0,`,
    replace: `    sending = send(requestOf(String(url), init, limits));
    return responseOf(await sending);
  };
  try {
    await operate(
      new Retell({
        apiKey: account.credentials.apiKey,
        baseURL: account.baseUrl,
        maxRetries: 2,`,
    spec: 'telephony/retell/adapter.spec.ts',
    title: 'asks once, though the official SDK would repeat',
  },
  {
    protection: 'many attempts are locked in one order',
    file: 'store/attempts/lock_attempts.sql',
    find: 'ORDER BY (SELECT (a.batch_id, a.recipient_id) FROM attempts a WHERE a.id = wanted.id), id LOOP',
    replace: 'ORDER BY random() LOOP',
    spec: 'test/races/answers-and-ends.spec.ts',
    title: 'without one waiting for the other in a circle',
  },
  {
    protection: 'a write behind which others wait gives way',
    file: 'store/facts/create-fact-writer.ts',
    find: '{ givesWay: true }',
    replace: '{ givesWay: false }',
    spec: 'test/races/answers-and-ends.spec.ts',
    title: 'keeps nobody waiting: only what needs it',
  },
  {
    protection: 'neighbours: an account leaves connections for the events of others',
    file: 'store/facts/create-fact-writer.ts',
    find: 'alone(() => recordFacts(db, providerAccountId, facts))',
    replace: 'recordFacts(db, providerAccountId, facts)',
    spec: 'test/races/answers-and-ends.spec.ts',
    title: 'keeps no other workspace waiting, however many of one do',
  },
  {
    protection: 'neighbours: all accounts of a workspace leave connections for the events of others',
    file: 'store/facts/create-fact-writer.ts',
    find: 'shares.set(workspaceId, share);',
    replace: 'void shares;',
    spec: 'test/races/answers-and-ends.spec.ts',
    title: 'keeps no other workspace waiting, however many accounts of one do',
  },
  {
    protection: 'neighbours: a workspace has so many events waiting for a turn',
    file: 'store/facts/create-fact-writer.ts',
    find: '{ waitingMax: 500, waitMaxMs: 10_000 }',
    replace: '{}',
    spec: 'test/api/operations.spec.ts',
    title: 'is refused when as many of its workspace wait as may',
  },
  {
    protection: 'neighbours: what gets no turn in time is refused, not kept',
    file: 'platform/turns.ts',
    find: 'waitMaxMs === undefined ? undefined : setTimeout(giveUp, waitMaxMs)',
    replace: 'undefined',
    spec: 'platform/turns.spec.ts',
    title: 'refuses work that has waited as long as it may',
  },
];
