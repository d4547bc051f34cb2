import { z } from 'zod';

const CONCURRENCY_MAX = 100_000;
const CALLS_PER_SECOND_MAX = 10_000;
const FREQUENCY_CAP_MAX = 100;

/** Calls that may be live at one time, of a workspace or of one of its numbers. */
export function concurrencyInput(least: 0 | 1) {
  return z.int().min(least).max(CONCURRENCY_MAX);
}
/** Calls that may start in any second. */
export const callsPerSecondInput = z.int().min(1).max(CALLS_PER_SECOND_MAX);
/** Calls to one number in any 24 hours. */
export const frequencyCapInput = z.int().min(1).max(FREQUENCY_CAP_MAX);
