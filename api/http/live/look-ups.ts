import { createTurns } from '../../../platform/turns.js';

/** Looks somebody up, once for all who ask about the same one. @throws what `work` throws, to all of them */
export type LookUps = (whose: string, work: () => Promise<void>) => Promise<void>;

/**
 * So many look-ups at once, and of each who is looked up one that is under way and one that waits for its turn: that one has
 * not begun, so it answers all who ask meanwhile. A thousand streams of one session cost what two of them do.
 */
export function createLookUps(atOnceMax: number): LookUps {
  const inTurn = createTurns(atOnceMax);
  const underWay = new Map<string, Promise<void>>();
  const waiting = new Map<string, Promise<void>>();

  function begin(whose: string, work: () => Promise<void>): Promise<void> {
    const looking = inTurn(work).finally(() => underWay.delete(whose));
    underWay.set(whose, looking);
    return looking;
  }

  return (whose, work) => {
    const before = underWay.get(whose);
    if (!before) return begin(whose, work);
    const next =
      waiting.get(whose) ??
      before
        .catch(() => undefined) // told to those who asked for it
        .then(() => {
          waiting.delete(whose);
          return begin(whose, work);
        });
    waiting.set(whose, next);
    return next;
  };
}
