/** The nearest-rank percentile: a value that was measured, never one in between. NaN when nothing was measured. */
export function percentileOf(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(Math.ceil((percent / 100) * sorted.length), 1) - 1] ?? NaN;
}

/** Share of a run's events left out at each end: start and end of a run are not what it does when it is saturated. */
const EDGE_SHARE = 0.125;

/** Events per second between the first and the last eighth of them. */
export function steadyRate(instantsMs: readonly number[]): number {
  const sorted = instantsMs.toSorted((a, b) => a - b);
  const edge = Math.floor(sorted.length * EDGE_SHARE);
  const steady = sorted.slice(edge, sorted.length - edge);
  const spanMs = (steady.at(-1) ?? NaN) - (steady[0] ?? NaN);
  return ((steady.length - 1) * 1000) / spanMs;
}
