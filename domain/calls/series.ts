import { DateTime } from 'luxon';
import { MEASURES, QUARTER_MS, type Bucket, type FigurePoint, type Measure } from './figures.js';

/** A span of time in buckets. `starts` are the first instants of all of them, in order; the last one ends at `untilMs`. */
export type SeriesSpan = { untilMs: number; bucket: Bucket; timeZone: string; starts: number[] };

/** More points are no picture. */
export const POINTS_MAX = 1_000;
/** What a chart has place for: `auto` takes the finest bucket with no more. */
const AUTO_POINTS_MAX = 200;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LENGTH_MS: Record<Bucket, number> = { quarter: QUARTER_MS, hour: HOUR_MS, day: DAY_MS };

type Wanted = { fromMs: number; untilMs: number; bucket: Bucket | 'auto'; timeZone: string };

/**
 * The buckets of a span that touch it: it begins and ends with whole ones. Hours and days are those of the zone's clock; a day
 * on which clocks change has 23 or 25 hours. @returns null when there would be more than `POINTS_MAX`, or none
 */
export function spanOf({ fromMs, untilMs, bucket: wanted, timeZone }: Wanted): SeriesSpan | null {
  const bucket = wanted === 'auto' ? autoBucket(untilMs - fromMs) : wanted;
  if (untilMs <= fromMs || (untilMs - fromMs) / LENGTH_MS[bucket] > POINTS_MAX) return null;
  const starts: number[] = [];
  let startMs = beginOf(bucket, fromMs, timeZone);
  while (startMs < untilMs) {
    starts.push(startMs);
    startMs = bucket === 'day' ? nextDay(startMs, timeZone) : startMs + LENGTH_MS[bucket];
  }
  return { starts, untilMs: startMs, bucket, timeZone };
}

function autoBucket(lengthMs: number): Bucket {
  if (lengthMs <= AUTO_POINTS_MAX * QUARTER_MS) return 'quarter';
  return lengthMs <= AUTO_POINTS_MAX * HOUR_MS ? 'hour' : 'day';
}

function beginOf(bucket: Bucket, ms: number, timeZone: string): number {
  if (bucket === 'quarter') return Math.floor(ms / QUARTER_MS) * QUARTER_MS;
  // Zones of today lie whole quarters of an hour beside UTC; what is told of other times begins with one too.
  const begin = DateTime.fromMillis(ms, { zone: timeZone }).startOf(bucket).toMillis();
  return Math.floor(begin / QUARTER_MS) * QUARTER_MS;
}

function nextDay(startMs: number, timeZone: string): number {
  const noon = DateTime.fromMillis(startMs + DAY_MS / 2, { zone: timeZone });
  return beginOf('day', noon.plus({ days: 1 }).toMillis(), timeZone);
}

/** How much of each measure came in one point of a span, by its place; -1 is the day before the span. */
export type Figures = { point: number } & Readonly<Record<Measure, number>>;

/** A point for each bucket of the span, also where nothing happened. */
export function pointsOf({ starts }: SeriesSpan, figures: readonly Figures[]): FigurePoint[] {
  const points = starts.map((atMs): FigurePoint => ({ atMs, values: {}, live: 0 }));
  let live = 0;
  for (const came of figures) {
    const at = points[came.point];
    if (at) at.values = withoutZeros(came);
    else live += liveBy(came);
  }
  for (const point of points) {
    live += liveBy(point.values);
    point.live = Math.max(live, 0);
  }
  return points;
}

function withoutZeros(came: Figures): FigurePoint['values'] {
  return Object.fromEntries(
    MEASURES.filter((measure) => came[measure] !== 0).map((measure) => [measure, came[measure]]),
  );
}

function liveBy({ SENT = 0, ENDED = 0 }: FigurePoint['values']): number {
  return SENT - ENDED;
}
