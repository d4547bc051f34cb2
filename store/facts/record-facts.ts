import { parsePublicId } from '../../domain/ids.js';
import type { CallFact } from '../../domain/calls/call-fact.js';
import { ANSWER_TIMEOUT, type Queryable } from '../database.js';

/**
 * Stores facts, each once, and folds them into their attempts: order, repetition and lateness do not matter. A fact whose
 * attempt is not known yet is kept and matched later. With `givesWay` it fails after half a second when somebody holds one
 * of their rows.
 * @returns how many were new.
 */
export async function recordFacts(
  db: Queryable,
  providerAccountId: string,
  facts: readonly CallFact[],
  { givesWay = false } = {},
): Promise<number> {
  const rows = facts.map((fact) => ({
    ...fact,
    reference: fact.reference && parsePublicId('attempt', fact.reference),
  }));
  const result = await db.query({
    ...ANSWER_TIMEOUT,
    name: 'record_facts',
    text: 'SELECT record_facts($1, $2, $3) AS stored',
    values: [providerAccountId, JSON.stringify(rows), givesWay],
  });
  return result.rows[0].stored;
}
