/** Numbers that depend on the seed alone: mulberry32 over the hash of the seed. Not for secrets. */
export type Random = {
  /** From 0 (included) to 1 (excluded). */
  share(): number;
  /** A whole number, both ends included. */
  between(min: number, max: number): number;
  pick<T>(items: readonly T[]): T;
  shuffle<T>(items: readonly T[]): T[];
};

export function createRandom(seed: number): Random {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
  const share = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (min: number, max: number): number => min + Math.floor(share() * (max - min + 1));
  const pick = <T>(items: readonly T[]): T => items[between(0, items.length - 1)] as T; // the index is inside
  const shuffle = <T>(items: readonly T[]): T[] =>
    items
      .map((item) => ({ item, place: share() }))
      .sort((a, b) => a.place - b.place)
      .map(({ item }) => item);
  return { share, between, pick, shuffle };
}
