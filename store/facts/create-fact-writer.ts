import type { CallFact } from '../../domain/calls/call-fact.js';
import { gatherWrites, type GatheredWrite } from '../gather-writes.js';
import { isUnreachable, type Queryable } from '../database.js';
import { recordFacts } from './record-facts.js';

export type FactWriter = (providerAccountId: string, facts: readonly CallFact[]) => Promise<void>;

/**
 * As `recordFacts`, for many requests at once: facts of one account that come together are committed together. Not those
 * that back a number off or pause a batch: they lock more than their calls.
 */
export function createFactWriter(db: Queryable): FactWriter {
  const writers = new Map<string, GatheredWrite<readonly CallFact[], void>>();
  const writerOf = (providerAccountId: string): GatheredWrite<readonly CallFact[], void> => {
    const known = writers.get(providerAccountId);
    if (known) return known;
    const writer = gatherWrites<readonly CallFact[], void>({
      isEverybodys: isUnreachable,
      write: async (told, { isAlone }) => {
        await recordFacts(db, providerAccountId, told.flat(), { givesWay: !isAlone });
        return told.map(() => undefined);
      },
    });
    writers.set(providerAccountId, writer);
    return writer;
  };
  return async (providerAccountId, facts) => {
    if (facts.some(({ deferral }) => deferral)) await recordFacts(db, providerAccountId, facts);
    else await writerOf(providerAccountId)(facts);
  };
}
