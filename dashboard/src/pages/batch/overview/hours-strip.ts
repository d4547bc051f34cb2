import { DateTime } from 'luxon';
import { computeOpenings, type Opening } from '../../../../../domain/hours/openings.js';
import type { Batch } from '../../../api/client.js';

const DAYS = 7;

export type Strip = {
  /** Midnights in the zone, of today first; one more than days are shown. */
  midnights: readonly DateTime[];
  openings: readonly Opening[];
  nowMs: number;
};

/** When a batch is open from today on, by the rules that its calls are made by; null: it has no hours yet. */
export function stripOf({ window, timeZone, blackoutDates, holidays }: Batch, nowMs: number): Strip | null {
  if (!window || timeZone === null) return null;
  const today = DateTime.fromMillis(nowMs, { zone: timeZone }).startOf('day');
  const midnights = Array.from({ length: DAYS + 1 }, (_, day) => today.plus({ days: day }));
  const openings = computeOpenings({
    timeZone,
    fromMs: today.toMillis(),
    untilMs: today.plus({ days: DAYS }).toMillis(),
    window: window as Parameters<typeof computeOpenings>[0]['window'], // the API has checked its times
    blackoutDates,
    holidays,
  });
  return { midnights, openings, nowMs };
}

/** Where a span lies in the strip, in percent. */
export function placeOfSpan({ midnights }: Strip, fromMs: number, untilMs: number): { from: number; width: number } {
  const [startMs, endMs] = [midnights[0]?.toMillis() ?? 0, midnights.at(-1)?.toMillis() ?? 1];
  const percent = (ms: number): number =>
    (100 * (Math.min(Math.max(ms, startMs), endMs) - startMs)) / (endMs - startMs);
  return { from: percent(fromMs), width: percent(untilMs) - percent(fromMs) };
}
