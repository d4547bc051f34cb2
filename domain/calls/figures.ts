import { OUTCOMES, type Outcome } from './outcomes.js';

/**
 * What is counted of calls by quarters of an hour: those that a provider has taken (`SENT`), each outcome, those that were
 * successful, tries that made no call (`REFUSED`) and the talking time, all by the time at which the try began; and
 * `ENDED`, by the time of the end: `SENT` less `ENDED` are the live calls.
 */
export const MEASURES = ['SENT', 'ENDED', ...OUTCOMES, 'SUCCESSFUL', 'REFUSED', 'TALK_MS'] as const;
export type Measure = (typeof MEASURES)[number];

/** How finely figures are told: by quarters of an hour, by hours, or by days of a time zone. */
export const BUCKETS = ['quarter', 'hour', 'day'] as const;
export type Bucket = (typeof BUCKETS)[number];

export const QUARTER_MS = 900_000;

/** One bucket, from `atMs` on; `values` has only what is not zero, `live` are the calls that are live at its end. */
export type FigurePoint = { atMs: number; values: Partial<Record<Measure, number>>; live: number };

export function outcomesOf(values: FigurePoint['values']): Record<Outcome, number> {
  return Object.fromEntries(OUTCOMES.map((outcome) => [outcome, values[outcome] ?? 0])) as Record<Outcome, number>;
}
