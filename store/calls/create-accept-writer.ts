import { isUnreachable, type Queryable } from '../database.js';
import { gatherWrites, type GatheredWrite } from '../gather-writes.js';
import { acceptCalls, type AcceptedCall } from './answer-call.js';

/** As `acceptCalls`, for many lanes at once: answers that come together are committed together. */
export function createAcceptWriter(db: Queryable): GatheredWrite<AcceptedCall, string> {
  return gatherWrites({
    isEverybodys: isUnreachable,
    write: (calls: AcceptedCall[], { isAlone }) => acceptCalls(db, calls, { givesWay: !isAlone }),
  });
}
