/**
 * How many pieces of work of one kind may be under way in this process: of everybody together, and of one owner. Who finds no
 * place waits for one, `waitMs` at most.
 */
export type PlaceBounds = { all: number; each: number; waitMs: number };

export type Places = {
  /**
   * Waits for a place. @returns what gives it back; a second call does nothing
   * @throws NoPlaceError when none became free in time; the reason of `gone` when that comes first
   */
  take(owner: string, gone: AbortSignal): Promise<() => void>;
};

/** No place became free in time. */
export class NoPlaceError extends Error {
  override readonly name = 'NoPlaceError';
  /** `owner`: it has as many as it may have. `others`: they have all. */
  constructor(readonly heldBy: 'owner' | 'others') {
    super(`no place became free: held by ${heldBy}`);
  }
}

type Waiting = { owner: string; go(): void };

/** More that wait are refused at once. */
const WAITING_OF_OWNER_MAX = 100;

/**
 * Hands out places fairly: one that becomes free goes to the owner that has the fewest, among equals to the one that has waited
 * longest. No owner gets all.
 */
export function createPlaces({ all, each, waitMs }: PlaceBounds): Places {
  const held = new Map<string, number>();
  const waiting = new Set<Waiting>();
  let taken = 0;

  const heldBy = (owner: string): number => held.get(owner) ?? 0;
  const isFreeFor = (owner: string): boolean => taken < all && heldBy(owner) < each;

  function give(owner: string): () => void {
    taken++;
    held.set(owner, heldBy(owner) + 1);
    let isGivenBack = false;
    return () => {
      if (isGivenBack) return;
      isGivenBack = true;
      taken--;
      if (heldBy(owner) === 1) held.delete(owner);
      else held.set(owner, heldBy(owner) - 1);
      letNextGo();
    };
  }

  /** After this nobody waits for whom a place is free. */
  function letNextGo(): void {
    const [first] = [...waiting]
      .filter(({ owner }) => isFreeFor(owner))
      .sort((a, b) => heldBy(a.owner) - heldBy(b.owner));
    first?.go();
  }

  function isQueueFull(owner: string): boolean {
    return waitMs === 0 || [...waiting].filter((one) => one.owner === owner).length >= WAITING_OF_OWNER_MAX;
  }

  return {
    async take(owner, gone) {
      gone.throwIfAborted();
      if (isFreeFor(owner)) return give(owner);
      const refusal = (): NoPlaceError => new NoPlaceError(heldBy(owner) >= each ? 'owner' : 'others');
      if (isQueueFull(owner)) throw refusal();
      return new Promise((resolve, reject) => {
        const leave = (): void => {
          waiting.delete(one);
          clearTimeout(timer);
          gone.removeEventListener('abort', onGone);
        };
        const onGone = (): void => {
          leave();
          reject(gone.reason as Error);
        };
        const timer = setTimeout(() => {
          leave();
          reject(refusal());
        }, waitMs);
        const one: Waiting = {
          owner,
          go() {
            leave();
            resolve(give(owner));
          },
        };
        gone.addEventListener('abort', onGone);
        waiting.add(one);
      });
    },
  };
}
