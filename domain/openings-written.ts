import { openingsAhead, type Opening } from './openings.js';
import type { CallWindow } from './window.js';

/** How far ahead the openings of a batch are written down, so that a parked run always has a time to wait for. */
const WRITTEN_AHEAD_MS = 48 * 3_600_000;

/** The openings to write for a batch now, and until when they are complete. */
export function openingsToWrite(input: { window: CallWindow; timeZone: string; nowMs: number }): { openings: Opening[]; untilMs: number } {
  return { openings: openingsAhead(input), untilMs: input.nowMs + WRITTEN_AHEAD_MS };
}
