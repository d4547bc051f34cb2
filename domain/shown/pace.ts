/** A quarter of an hour of a batch, as its series tells it. */
type Quarter = { at: string; sent: number; live: number };
type Looked = {
  /** Quarters without a gap, up to the one that holds `nowMs`. */
  quarters: readonly Quarter[];
  startedAt: string;
  nowMs: number;
};

const QUARTER_MS = 900_000;
/** Less tells nothing: the first calls all begin at once. */
const ENDED_MIN = 10;
const OVER_MIN_MS = 30_000;

/**
 * How many calls of a batch end in a minute, and over how long that was seen; null: that was too short. Calls that ended are
 * counted, since those that began would tell too much at first, when all slots are filled at once.
 */
export function paceOf({ quarters, startedAt, nowMs }: Looked): { perMinute: number; overMs: number } | null {
  const [first] = quarters;
  const last = quarters.at(-1);
  if (!first || !last) return null;
  const [firstMs, startedMs] = [new Date(first.at).getTime(), new Date(startedAt).getTime()];
  // What was live before the first quarter is not known: where the batch is older, that one only tells how many were live at its end.
  const isWhole = startedMs >= firstMs;
  const counted = isWhole ? quarters : quarters.slice(1);
  const sent = counted.reduce((sum, quarter) => sum + quarter.sent, 0);
  const ended = sent + (isWhole ? 0 : first.live) - last.live;
  const overMs = nowMs - (isWhole ? startedMs : firstMs + QUARTER_MS);
  if (ended < ENDED_MIN || overMs < OVER_MIN_MS) return null;
  return { perMinute: (ended * 60_000) / overMs, overMs };
}
