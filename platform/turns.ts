/** Runs pieces of work, so many at once. The others wait for their turn, first come, first served. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

type TurnsOptions = {
  /** When so many wait, more are refused. */
  waitingMax?: number;
  /** Who has waited so long is refused. Milliseconds. */
  waitMaxMs?: number;
};

/** The work was not begun: as many wait for a turn as may, or it has waited as long as it may. */
export class NoTurnError extends Error {
  override readonly name = 'NoTurnError';
}

/** Work that waits without `waitingMax` or `waitMaxMs` is never refused. @throws NoTurnError, from what it returns */
export function createTurns(atOnceMax: number, { waitingMax = Infinity, waitMaxMs }: TurnsOptions = {}): Turns {
  const waiting: (() => void)[] = [];
  let running = 0;

  function turn(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (waiting.length >= waitingMax) return reject(new NoTurnError(`${waitingMax} wait for a turn already`));
      const begin = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const giveUp = (): void => {
        waiting.splice(waiting.indexOf(begin), 1);
        reject(new NoTurnError(`no turn within ${waitMaxMs} ms`));
      };
      const timer = waitMaxMs === undefined ? undefined : setTimeout(giveUp, waitMaxMs);
      waiting.push(begin);
    });
  }

  return async (work) => {
    // A turn that ends is handed to the one that has waited longest.
    if (running >= atOnceMax) await turn();
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
