import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { matchStrays, noteAbsent, takeUnsettled } from '../../../store/attempts/settle-attempts.js';
import { countRecentCalls, findBatchesWithBreakers } from '../../../store/attempts/count-recent-calls.js';
import { changeBatch } from '../../../store/changes/change-batch.js';
import { lookAtBatch } from '../../../store/batches/look-at-batch.js';
import { expireRecipients, findOutstandingRows, forgetLeftovers } from '../../../store/batches/sweep-rows.js';
import { lookAfterBatch, takeDueBatches } from '../../../store/batches/wake-batches.js';
import { acceptCalls, deferCall, doubtCall, refuseCall, releaseCall } from '../../../store/calls/answer-call.js';
import { claimCalls, type ClaimAnswer } from '../../../store/claims/claim-calls.js';
import { findBatchesWithNews, forgetDeadLanes, keepLanes } from '../../../store/lanes/keep-lanes.js';
import { recordFacts } from '../../../store/facts/record-facts.js';
import { countKnownPhones } from '../../../store/imports/keep-duplicates.js';
import { lane } from '../../support/seed.js';
import { fact } from '../support/facts.js';
import type { ManyRows } from './many-rows.js';

type Call = { id: string; dialToken: string; claimKey: string };
/** One statement of the dial path. What it needs is made by `prepare`, whose reads do not count. */
export type HotStatement = {
  name: string;
  prepare?(tx: pg.ClientBase): Promise<unknown>;
  run(tx: pg.ClientBase, call: Call): Promise<unknown>;
};

const LANES = 8;
const CHUNK_ROWS = 100;
const KNOWN_PHONES = Array.from({ length: 10 }, (_, index) => `+1202555${1000 + index}`);

/** The statements of claim, answer, event, settle and sweep, on these rows, each with a call that was just claimed. */
export function hotStatements(rows: ManyRows): HotStatement[] {
  const { workspace, batchId, laterBatchId, importId } = rows;
  const { workspaceId, providerAccountId } = workspace;
  const set = (sql: string) => (tx: pg.ClientBase) => tx.query(sql);
  const ofAttempt =
    (columns: string) =>
    (tx: pg.ClientBase): Promise<unknown> =>
      tx.query(`UPDATE attempts SET ${columns} WHERE batch_id = '${batchId}' AND slot_held`);
  const chunkOf = (work: string) => ({
    prepare: set(`UPDATE batches SET status = 'CANCELLED', chunk_work = '${work}' WHERE id = '${batchId}'`),
    run: (tx: pg.ClientBase) => tx.query('SELECT do_chunk_work($1, $2)', [batchId, CHUNK_ROWS]),
  });
  return [
    { name: 'claim', run: (tx) => claimSome(tx, rows, LANES) },
    {
      name: 'claim under every limit',
      prepare: set(
        `UPDATE workspaces SET calls_per_second = 1000, frequency_cap = 2 WHERE id = '${workspaceId}';
         UPDATE phone_numbers SET calls_per_second = 1000, concurrency_limit = 500;
         UPDATE batches SET calls_per_second = 1000, concurrency_limit = 500, reserved_concurrency = 1 WHERE id = '${batchId}'`,
      ),
      run: (tx) => claimSome(tx, rows, LANES),
    },
    { name: 'claim while nobody is due', run: (tx) => claimSome(tx, { ...rows, batchId: laterBatchId }, 1) },
    { name: 'look at a batch', run: (tx) => lookAtBatch(tx, batchId, 250) },
    {
      name: 'finish',
      run: (tx) =>
        changeBatch(tx, {
          ...rows.workspace,
          batchId,
          action: 'finish',
          from: ['RUNNING'],
          actor: 'test',
          commandId: null,
        }),
    },
    {
      name: 'take due batches',
      prepare: set('UPDATE batches SET sweep_at = dialwright_now()'),
      run: (tx) => takeDueBatches(tx, 50),
    },
    {
      name: 'look after a batch',
      run: (tx) => lookAfterBatch(tx, batchId, { dialBudgetMs: 250, laneLostMs: 1, runCheckMs: 1 }),
    },
    { name: 'keep lanes', run: (tx) => keepLanes(tx, 'test', [laterBatchId]) },
    {
      name: 'forget dead lanes',
      prepare: set(`INSERT INTO lane_processes VALUES ('test', '-infinity')`),
      run: (tx) => forgetDeadLanes(tx, 1),
    },
    { name: 'find batches with news', run: (tx) => findBatchesWithNews(tx, [batchId, laterBatchId], 250) },
    { name: 'accept', run: (tx, { id }) => acceptCalls(tx, [{ attemptId: id, callId: 'call-1' }]) },
    { name: 'record an end', run: (tx, { id }) => recordFacts(tx, providerAccountId, [fact(id)]) },
    { name: 'record a stray', run: (tx) => recordFacts(tx, providerAccountId, [fact(null, { callId: 'call-2' })]) },
    {
      name: 'refuse',
      run: (tx, { id, dialToken }) =>
        refuseCall(tx, { attemptId: id, dialToken, outcome: 'INVALID_NUMBER', endReason: 'no such number' }),
    },
    {
      name: 'defer',
      run: (tx, { id, dialToken }) =>
        deferCall(tx, { attemptId: id, dialToken, deferral: 'capacity', endReason: 'busy', retryAfterMs: null }),
    },
    { name: 'doubt', run: (tx, { id, dialToken }) => doubtCall(tx, id, dialToken, 'no answer') },
    { name: 'release', run: (tx, call) => releaseCall(tx, { workspaceId, ...call, why: 'too late' }) },
    { name: 'match strays', run: (tx) => matchStrays(tx) },
    {
      name: 'record a stray that could be ours',
      prepare: ofAttempt('provider_call_id = NULL'),
      run: (tx) => recordFacts(tx, providerAccountId, [fact(null, { callId: 'call-2' })]),
    },
    {
      name: 'take calls of nobody who has room',
      run: (tx) => takeUnsettled(tx, 50, 15_000, { each: 50, except: { [workspaceId]: 0 } }),
    },
    { name: 'take unsettled calls', run: (tx) => takeUnsettled(tx, 50, 15_000) },
    {
      name: 'give up a call at its hard end',
      prepare: ofAttempt(`settle_at = '-infinity', hard_end_at = '-infinity'`),
      run: (tx) => takeUnsettled(tx, 10, 15_000),
    },
    {
      name: 'second absence',
      prepare: ofAttempt(`state = 'UNCERTAIN', absent_count = 1, absent_at = '-infinity'`),
      run: (tx, { id }) => noteAbsent(tx, id, 0, 0),
    },
    {
      name: 'third absence',
      prepare: ofAttempt(`state = 'UNCERTAIN', absent_count = 1, absent_at = '-infinity'`),
      run: (tx, { id }) => noteAbsent(tx, id, 0, 0).then(() => noteAbsent(tx, id, 0, 0)),
    },
    { name: 'expire', run: (tx) => expireRecipients(tx) },
    {
      name: 'settle those whose hours never open',
      prepare: set(
        `DELETE FROM openings WHERE batch_id = '${batchId}';
         UPDATE batches SET openings_until = dialwright_now() + interval '1 day' WHERE id = '${batchId}';
         UPDATE recipient_states SET state = 'COMPLETED' WHERE batch_id = '${batchId}' AND state = 'IN_PROGRESS'`,
      ),
      run: (tx) => tx.query(`SELECT settle_uncallable($1, '0.25 s', $2)`, [batchId, CHUNK_ROWS]),
    },
    {
      name: 'settle those who wait past the end',
      prepare: set(`UPDATE batches SET end_at = dialwright_now() WHERE id = '${batchId}'`),
      run: (tx) => tx.query(`SELECT settle_uncallable($1, '0.25 s', $2)`, [batchId, CHUNK_ROWS]),
    },
    {
      name: 'find rows that have to follow',
      prepare: set(`UPDATE batches SET end_at = dialwright_now() WHERE id = '${batchId}'`),
      run: (tx) => findOutstandingRows(tx),
    },
    {
      name: 'count recent calls',
      prepare: set(
        `UPDATE batches SET breakers = '{"sampleSize": 20}', breakers_since = '-infinity' WHERE id = '${batchId}'`,
      ),
      run: (tx) => findBatchesWithBreakers(tx, null).then((ids) => countRecentCalls(tx, ids)),
    },
    { name: 'chunk of a cancel', ...chunkOf('CANCEL') },
    { name: 'chunk of a cancel that hangs up', ...chunkOf('CANCEL_AND_HANG_UP') },
    { name: 'chunk of a retry of nobody', ...chunkOf('RETRY') },
    {
      name: 'chunk of a retry',
      prepare: set(
        `UPDATE batches SET status = 'CANCELLED', chunk_work = 'RETRY', generation = generation + 1 WHERE id = '${batchId}';
         UPDATE recipient_states SET state = 'NO_ANSWER', last_attempt_id = (SELECT id FROM attempts WHERE slot_held LIMIT 1)
           WHERE batch_id = '${batchId}' AND state = 'WAITING' AND ordinal < ${CHUNK_ROWS}`,
      ),
      run: chunkOf('RETRY').run,
    },
    {
      name: 'count known phones',
      run: (tx) => countKnownPhones(tx, { workspaceId, batchId, days: 30 }, KNOWN_PHONES),
    },
    { name: 'chunk of an import', run: (tx) => tx.query('SELECT move_import_rows($1, $2)', [importId, CHUNK_ROWS]) },
    { name: 'forget leftovers', run: (tx) => forgetLeftovers(tx) },
  ];
}

export async function claimSome(
  tx: pg.ClientBase,
  { workspace, batchId }: ManyRows,
  count: number,
): Promise<ClaimAnswer[]> {
  return claimCalls(tx, {
    workspaceId: workspace.workspaceId,
    process: 'test',
    dialBudgetMs: 250,
    requestTimeoutMs: 8_000,
    claimsMax: 16,
    lanes: Array.from({ length: count }, () => lane(batchId, { claimKey: `plans/${randomUUID()}` })),
  });
}
