import type { CallFact } from '../../domain/calls/call-fact.js';
import { createTurns, NoTurnError, type Turns } from '../../platform/turns.js';
import { gatherWrites } from '../gather-writes.js';
import { isUnreachable, type Queryable } from '../database.js';
import { recordFacts } from './record-facts.js';

type Account = { workspaceId: string; providerAccountId: string };
export type FactWriter = (account: Account, facts: readonly CallFact[]) => Promise<void>;

/** How many writes of a workspace may be under way beside the one of many facts. Each may wait for a row that somebody holds. */
type FactWriterOptions = { aloneMax: number };

/** An event waits for a turn as long as two writes wait for a row that somebody holds. Its provider sends it again after that. */
const WAITING = { waitingMax: 500, waitMaxMs: 10_000 };

type Shares = { together: Turns; alone: Turns };
type Write = (facts: readonly CallFact[]) => Promise<void>;

/**
 * As `recordFacts`, for many requests at once: facts of one account that come together are committed together. Not those
 * that back a number off or pause a batch: they lock more than their calls. A workspace holds `aloneMax` connections and one
 * at most, however many accounts it has. @throws NoTurnError, when too many wait, or too long
 */
export function createFactWriter(db: Queryable, { aloneMax }: FactWriterOptions): FactWriter {
  const shares = new Map<string, Shares>();
  const writers = new Map<string, Write>();
  return ({ workspaceId, providerAccountId }, facts) => {
    const share = shares.get(workspaceId) ?? {
      together: createTurns(1, WAITING),
      alone: createTurns(aloneMax, WAITING),
    };
    shares.set(workspaceId, share);
    const writer = writers.get(providerAccountId) ?? writerOf(db, providerAccountId, share);
    writers.set(providerAccountId, writer);
    return writer(facts);
  };
}

function writerOf(db: Queryable, providerAccountId: string, { together, alone }: Shares): Write {
  const writeAlone = async (facts: readonly CallFact[]): Promise<void> => {
    await alone(() => recordFacts(db, providerAccountId, facts));
  };
  const writeGathered = gatherWrites<readonly CallFact[], void>({
    isEverybodys: (err) => isUnreachable(err) || err instanceof NoTurnError,
    write: async (told, { isAlone }) => {
      if (isAlone) await writeAlone(told.flat());
      else await together(() => recordFacts(db, providerAccountId, told.flat(), { givesWay: true }));
      return told.map(() => undefined);
    },
  });
  return (facts) => (facts.some(({ deferral }) => deferral) ? writeAlone(facts) : writeGathered(facts));
}
