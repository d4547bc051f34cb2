import { ANSWER_TIMEOUT, type Queryable } from '../database.js';

/** Says that a process is alive, and for which batches lanes wait in it. To be repeated twice a second. */
export async function keepLanes(db: Queryable, process: string, batchIds: readonly string[]): Promise<void> {
  await db.query({ ...ANSWER_TIMEOUT, text: 'SELECT keep_lanes($1, $2::uuid[])', values: [process, batchIds] });
}

/** Forgets the lanes of processes that were not seen for so long, and has their batches looked at. */
export async function forgetDeadLanes(db: Queryable, lostMs: number): Promise<void> {
  await db.query('SELECT forget_dead_lanes(make_interval(secs => $1))', [lostMs / 1000]);
}

/** Of batches whose lanes wait: those whose lanes should ask, whether or not anybody told them. */
export async function findBatchesWithNews(
  db: Queryable,
  batchIds: readonly string[],
  dialBudgetMs: number,
): Promise<string[]> {
  const { rows } = await db.query({
    ...ANSWER_TIMEOUT,
    text: 'SELECT batches_with_news($1::uuid[], make_interval(secs => $2)) AS id',
    values: [batchIds, dialBudgetMs / 1000],
  });
  return rows.map(({ id }) => id as string);
}
