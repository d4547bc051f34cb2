import type { Logger } from '../../../platform/logger.js';

/** Begins work that no answer waits for. `what` says in the log which work failed. */
export type Later = (what: string, work: () => Promise<unknown>) => void;

const UNDER_WAY_MAX = 500;

/**
 * Work beside the answers: so nobody learns from the time of an answer what there was to do. It is lost when the process
 * dies, and never silently otherwise: a failure is logged, and so is what would be too much at once. Each piece has to end by
 * itself; `awaited` has those that are under way, for the end of the process.
 */
export function createLater(logger: Logger, awaited: Set<Promise<void>>): Later {
  let underWay = 0;
  return (what, work) => {
    if (underWay >= UNDER_WAY_MAX) {
      logger.error({ what, underWay }, 'work after an answer was dropped: too much of it is under way');
      return;
    }
    underWay += 1;
    const done = work()
      .then(
        () => {},
        (err: unknown) => logger.error({ what, err }, 'work after an answer failed'),
      )
      .finally(() => {
        underWay -= 1;
        awaited.delete(done);
      });
    awaited.add(done);
  };
}
