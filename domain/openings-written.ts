import { nextOpening, openingsAhead, type Opening } from './openings.js';
import type { CallWindow } from './window.js';

/** How far ahead the openings of a batch are written down. */
const WRITTEN_AHEAD_MS = 48 * 3_600_000;

/**
 * The openings to write for a batch now, and until when they are complete. They end with one that begins after that,
 * however far it is, so that a run that is parked at any time before always has a time to wait for.
 */
export function openingsToWrite(input: { window: CallWindow; timeZone: string; nowMs: number }): {
  openings: Opening[];
  untilMs: number;
} {
  const untilMs = input.nowMs + WRITTEN_AHEAD_MS;
  const openings = openingsAhead(input);
  const last = openings.at(-1);
  if (!last || last.opensAtMs >= untilMs) return { openings, untilMs };
  const further = nextOpening({ ...input, nowMs: Math.max(last.closesAtMs, untilMs) });
  return { openings: further ? [...openings, further] : openings, untilMs };
}
