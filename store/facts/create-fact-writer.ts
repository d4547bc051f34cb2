import type { CallFact } from '../../domain/calls/call-fact.js';
import { createTurns } from '../../platform/turns.js';
import { gatherWrites } from '../gather-writes.js';
import { isUnreachable, type Queryable } from '../database.js';
import { recordFacts } from './record-facts.js';

export type FactWriter = (providerAccountId: string, facts: readonly CallFact[]) => Promise<void>;

/** How many writes of an account may be under way beside the one of many facts. Each may wait for a row that somebody holds. */
type FactWriterOptions = { aloneMax: number };

/**
 * As `recordFacts`, for many requests at once: facts of one account that come together are committed together. Not those
 * that back a number off or pause a batch: they lock more than their calls. An account holds `aloneMax` connections and one
 * at most.
 */
export function createFactWriter(db: Queryable, { aloneMax }: FactWriterOptions): FactWriter {
  const writers = new Map<string, (facts: readonly CallFact[]) => Promise<void>>();
  return (providerAccountId, facts) => {
    const writer = writers.get(providerAccountId) ?? writerOf(db, providerAccountId, aloneMax);
    writers.set(providerAccountId, writer);
    return writer(facts);
  };
}

function writerOf(db: Queryable, providerAccountId: string, aloneMax: number) {
  const inTurn = createTurns(aloneMax);
  const writeAlone = (facts: readonly CallFact[]) => inTurn(() => recordFacts(db, providerAccountId, facts));
  const writeGathered = gatherWrites<readonly CallFact[], void>({
    isEverybodys: isUnreachable,
    write: async (told, { isAlone }) => {
      if (isAlone) await writeAlone(told.flat());
      else await recordFacts(db, providerAccountId, told.flat(), { givesWay: true });
      return told.map(() => undefined);
    },
  });
  return async (facts: readonly CallFact[]): Promise<void> => {
    if (facts.some(({ deferral }) => deferral)) await writeAlone(facts);
    else await writeGathered(facts);
  };
}
