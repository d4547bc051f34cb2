import type pg from 'pg';
import type { Evidence } from '../evidence.js';
import { readRows } from '../read-evidence.js';
import { checkOperations } from './check-operations.js';
import { findUntriedPairs, tableOfPairs } from './report-operations.js';
import { uuidOf } from './side-batch.js';
import type { OperationsEvidence, SideBatch, Story } from './story.js';

export type Judged = { evidence: OperationsEvidence; problems: string[]; table: [string, string][] };

/** Judges all batches together. The main batch is given back with the requests that are no side batch's. */
export async function judgeOperations(
  pool: pg.Pool,
  main: Evidence,
  { stories, roundsMin }: { stories: (Story | null)[]; roundsMin: number },
): Promise<Judged> {
  const sides: SideBatch[] = [];
  for (const story of stories) if (story) sides.push(await readSide(pool, story));
  const sideAttempts = new Set(sides.flatMap((side) => side.attempts.map(({ id }) => id)));
  const evidence: OperationsEvidence = {
    main: { ...main, ledger: main.ledger.filter(({ reference }) => !sideAttempts.has(reference ?? '')) },
    ledger: main.ledger,
    sides,
  };
  const tried = { roundsMin, isNightSomewhere: !stories.includes(null) };
  return {
    evidence,
    problems: [...checkOperations(evidence), ...findUntriedPairs(evidence, tried)],
    table: tableOfPairs(evidence, tried),
  };
}

async function readSide(pool: pg.Pool, story: Story): Promise<SideBatch> {
  const uuid = uuidOf(story.batchId);
  const { rows } = await pool.query<{ status: string }>('SELECT status FROM batches WHERE id = $1', [uuid]);
  return { ...story, status: rows[0]?.status ?? 'deleted', ...(await readRows(pool, uuid)) };
}
