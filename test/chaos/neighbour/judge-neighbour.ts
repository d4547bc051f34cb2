import type pg from 'pg';
import type { Span } from '../evidence.js';
import { uuidOf } from '../operations/side-batch.js';
import { readQuietLedger, readRows } from '../read-evidence.js';
import { checkNeighbour } from './check-neighbour.js';
import type { NeighbourEvidence, OwnBatch } from './deed.js';
import type { Neighbour } from './move-in.js';
import { findUntriedDeeds, tableOfNeighbour } from './report-neighbour.js';
import type { Misbehaviour } from './run-neighbour.js';

type Judged = { evidence: NeighbourEvidence; problems: string[]; table: [string, string][] };

export async function judgeNeighbour(
  pool: pg.Pool,
  { plan, carrier }: Neighbour,
  { deeds, started, kills }: Misbehaviour & { kills: readonly Span[] },
): Promise<Judged> {
  const ledger = await readQuietLedger(carrier.url);
  const batches: OwnBatch[] = [];
  for (const { batchId } of started) batches.push(await readOwnBatch(pool, batchId));
  const planned = started.map(({ place }) => plan.batches[place] ?? { phones: [], shared: 0 });
  const evidence: NeighbourEvidence = {
    ...{ deeds, kills, batches, ledger, concurrencyLimit: plan.concurrencyLimit },
    phones: planned.flatMap(({ phones }) => phones),
    sharedPhones: planned.flatMap(({ phones, shared }) => phones.slice(0, shared)),
    foreignEventsKept: await countForeignEvents(pool),
  };
  return {
    evidence,
    problems: [...checkNeighbour(evidence), ...findUntriedDeeds(evidence)],
    table: tableOfNeighbour(evidence),
  };
}

async function readOwnBatch(pool: pg.Pool, batchId: string): Promise<OwnBatch> {
  const uuid = uuidOf(batchId);
  const { rows } = await pool.query<{ status: string }>('SELECT status FROM batches WHERE id = $1', [uuid]);
  return { batchId, status: rows[0]?.status ?? 'deleted', ...(await readRows(pool, uuid)) };
}

async function countForeignEvents(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ events: number }>(
    `SELECT count(*)::integer AS events FROM call_events e JOIN attempts a ON a.id = e.attempt_id
     WHERE e.provider_account_id <> a.provider_account_id`,
  );
  return rows[0]?.events ?? 0;
}
