import type { Mutant } from './mutant.js';

const LANES = 'activities/place-next-calls.ts';

/** Who may be called, when, and how many at once. */
export const GATE_MUTANTS: readonly Mutant[] = [
  {
    protection: 'a claim holds the workspace lock',
    file: 'store/calls/claim_calls.sql',
    find: `  PERFORM lock_workspace(p_workspace);
  t := dialwright_now();
  SELECT * INTO w FROM workspaces`,
    replace: `  t := dialwright_now();
  SELECT * INTO w FROM workspaces`,
    spec: 'test/races/claims.spec.ts',
    title: 'gives ten racing workers together no more calls than slots',
  },
  {
    protection: 'a change of status holds the workspace lock',
    file: 'store/batches/change_batch.sql',
    find: `  PERFORM lock_workspace(p_workspace);
  t := dialwright_now();
  SELECT * INTO b FROM batches`,
    replace: `  t := dialwright_now();
  SELECT * INTO b FROM batches`,
    spec: 'test/races/claims.spec.ts',
    title: 'commits no dial after a pause has been answered',
  },
  {
    protection: 'a claim key gets one attempt, ever',
    file: 'store/calls/claim_calls.sql',
    find: `WHERE (p_generations[l] IS DISTINCT FROM b.generation OR p_epochs[l] < b.lane_epoch
        OR l <>`,
    replace: `WHERE (false
        OR l <>`,
    spec: 'test/store/calls/claim-calls.spec.ts',
    title: 'claims nothing for a lane of an older generation',
  },
  {
    protection: 'a repeated lane is told so',
    file: 'store/calls/claim_calls.sql',
    find: 'FROM unnest(asked.lanes) l JOIN attempts x ON x.claim_key = p_keys[l];',
    replace: 'FROM unnest(asked.lanes) l JOIN attempts x ON false;',
    spec: 'test/store/calls/claim-calls.spec.ts',
    title: 'never gives a claim key a second attempt',
  },
  {
    protection: 'the gate asks for the status of the batch',
    file: 'store/calls/batch_prospect.sql',
    find: "IF b.status <> 'RUNNING' OR b.deleted_at IS NOT NULL THEN",
    replace: 'IF b.deleted_at IS NOT NULL THEN',
    spec: 'test/store/calls/claim-calls.spec.ts',
    title: 'claims nothing for a batch that is',
  },
  {
    protection: 'the gate asks for the emergency stop',
    file: 'store/calls/batch_prospect.sql',
    find: 'IF EXISTS (SELECT FROM workspaces WHERE id = b.workspace_id AND stopped_at IS NOT NULL)',
    replace: 'IF EXISTS (SELECT FROM workspaces WHERE false)',
    spec: 'test/store/calls/claim-calls.spec.ts',
    title: 'claims nothing when',
  },
  {
    protection: 'slots of the workspace are counted',
    file: 'store/calls/room_of_workspace.sql',
    find: 'SELECT w.concurrency_limit - count(*) INTO all_slots FROM attempts WHERE workspace_id = p_workspace AND slot_held;',
    replace: 'SELECT w.concurrency_limit INTO all_slots;',
    spec: 'test/store/calls/claim-calls.spec.ts',
    title: 'stops at the limit of the workspace, over all its batches',
  },
  {
    protection: 'slots of the number are counted',
    file: 'store/calls/batch_prospect.sql',
    find: "n.concurrency_limit - count(*)), 'NUMBER_LIMIT' INTO slots, reason FROM attempts WHERE workspace_id = b.workspace_id AND slot_held AND from_number_id = n.id;",
    replace:
      "n.concurrency_limit - count(*)), 'NUMBER_LIMIT' INTO slots, reason FROM attempts WHERE workspace_id = b.workspace_id AND batch_id = b.id AND slot_held;",
    spec: 'test/store/calls/limits.spec.ts',
    title: "gives all batches of a number together no more calls than the number's limit",
  },
  {
    protection: 'the reserve stays free',
    file: 'store/calls/room_of_workspace.sql',
    find: '  batch_slots := all_slots - reserve;',
    replace: '  batch_slots := all_slots;',
    spec: 'test/store/calls/limits.spec.ts',
    title: 'keeps the largest reserve of the batches that run and are open free',
  },
  {
    protection: 'starts of a second are counted',
    file: 'store/calls/starts_left.sql',
    find: 'SELECT greatest(p_rate - count(*), 0), max',
    replace: 'SELECT p_rate, max',
    spec: 'test/store/calls/limits.spec.ts',
    title: 'never starts more calls than the rate in one second and a dial budget',
  },
  {
    protection: 'a rolling second includes the dial budget',
    file: 'store/calls/starts_left.sql',
    find: "DECLARE span interval := interval '1 s' + p_dial_budget;",
    replace: "DECLARE span interval := interval '1 s';",
    spec: 'test/store/calls/limits.spec.ts',
    title: 'never starts more calls than the rate in one second and a dial budget',
  },
  {
    protection: 'starts far ahead are not counted after the clock went back',
    file: 'store/calls/starts_left.sql',
    find: " AND dialing_at <= p_now + interval '5 s'",
    replace: '',
    spec: 'test/store/calls/limits.spec.ts',
    title: 'does not wait for starts that lie far ahead after the clock went back',
  },
  {
    protection: 'the fewest held come first',
    file: 'store/calls/share_room.sql',
    find: 'ORDER BY coalesce(h.slots, 0) + unit, last.dial NULLS FIRST',
    replace: 'ORDER BY last.dial NULLS FIRST',
    spec: 'test/store/calls/limits.spec.ts',
    title: 'gives batches that ask together equal shares',
  },
  {
    protection: 'a slot is left to a batch that waits elsewhere',
    file: 'store/calls/share_room.sql',
    find: "WHERE d.workspace_id = p_workspace AND b.status = 'RUNNING' AND b.kind = 'BATCH' AND d.seen_at",
    replace: 'WHERE false AND d.seen_at',
    spec: 'test/store/calls/limits.spec.ts',
    title: 'shares with a batch whose lanes wait in another worker',
  },
  {
    protection: 'a number that was refused backs off',
    file: 'store/calls/batch_prospect.sql',
    find: '  IF n.backoff_ms > 0 THEN',
    replace: '  IF false THEN',
    spec: 'test/store/calls/limits.spec.ts',
    title: 'backs off 2 s, doubling with each refusal',
  },
  {
    protection: 'one trial call after a back-off',
    file: 'store/calls/batch_prospect.sql',
    find: `    slots := 1;
  END IF;`,
    replace: '  END IF;',
    spec: 'test/store/calls/limits.spec.ts',
    title: 'tries one call at a time after that',
  },
  {
    protection: 'a suppressed number is not called',
    file: 'store/calls/claim_calls.sql',
    find: "CASE WHEN EXISTS (SELECT FROM suppressions s WHERE s.workspace_id = p_workspace AND s.phone_key = r.phone_key) THEN 'SUPPRESSED'",
    replace: "CASE WHEN false THEN 'SUPPRESSED'",
    spec: 'test/store/calls/claim-calls.spec.ts',
    title: 'never calls a suppressed number',
  },
  {
    protection: 'the frequency cap holds',
    file: 'store/calls/claim_calls.sql',
    find: `            WHEN capped.until_at IS NOT NULL THEN 'FREQUENCY_CAP'
`,
    replace: '',
    spec: 'test/store/calls/limits.spec.ts',
    title: 'calls one number no more often in 24 hours',
  },
  {
    protection: 'a recipient has attempts left',
    file: 'store/calls/claim_calls.sql',
    find: `            WHEN r.attempts_spent >= b.max_attempts THEN 'NO_ATTEMPT_LEFT'
`,
    replace: '',
    spec: 'test/store/calls/limits.spec.ts',
    title: 'settles a recipient that has no attempt left',
  },
  {
    protection: 'a recipient whose last instant has passed is not called',
    file: 'store/calls/claim_calls.sql',
    find: `            WHEN r.not_after <= t + lead THEN 'EXPIRED'
`,
    replace: '',
    spec: 'test/store/calls/claim-calls.spec.ts',
    title: 'fails a recipient whose last instant has passed',
  },
  {
    protection: 'a number is in one live call at most',
    file: 'prisma/migrations/20261129000001_tables/migration.sql',
    find: 'CREATE UNIQUE INDEX attempts_one_live_call_per_phone',
    replace: 'CREATE INDEX attempts_one_live_call_per_phone',
    spec: 'test/store/calls/claim-calls.spec.ts',
    title: 'does not call a number that is in a call already',
  },
  {
    protection: 'a lane that is repeated has the key that it had',
    file: LANES,
    find: '${info.workflowExecution?.runId}/${info.activityId}`',
    replace: '${info.workflowExecution?.runId}/${info.activityId}/${randomUUID()}`',
    spec: 'test/races/lanes.spec.ts',
    title: 'places nobody when it is repeated',
  },
  {
    protection: 'a lane goes on only after a call that the provider accepted',
    file: LANES,
    find: "answer.is === 'accepted' && !cancelled",
    replace: '!cancelled',
    spec: 'test/races/lanes.spec.ts',
    title: 'returns when the fate of a call is unknown',
  },
  {
    protection: 'a lane that is cancelled does not go on',
    file: LANES,
    find: ' && !cancelled.aborted',
    replace: '',
    spec: 'test/races/lanes.spec.ts',
    title: 'stops after the call under way when it is cancelled',
  },
];
