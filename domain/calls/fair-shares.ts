/** How many slots a batch holds, and how many more it could use now. */
export type Demand = { live: number; wants: number };

/**
 * What each batch would hold if the slots were shared evenly: none gets more than it holds and wants, and what one leaves goes
 * to the others (max-min). What a claim does comes to this with time, since no live call is taken from anybody.
 */
export function fairShares(demands: readonly Demand[], slots: number): number[] {
  const shares = demands.map(() => 0);
  const byNeed = demands
    .map(({ live, wants }, place) => ({ place, need: live + wants }))
    .sort((a, b) => a.need - b.need);
  let left = Math.max(slots, 0);
  for (const [index, { place, need }] of byNeed.entries()) {
    const share = Math.min(need, Math.floor(left / (byNeed.length - index)));
    shares[place] = share;
    left -= share;
  }
  return shares;
}
