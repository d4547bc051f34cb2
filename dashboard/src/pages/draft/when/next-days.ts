import { computeOpenings } from '../../../../../domain/hours/openings.js';
import type { DraftFields } from '../draft-fields.js';
import { DAYS } from './week.js';

const DAY_MS = 86_400_000;
const NEXT_DAYS = 7;
/** A day by its name in a week, in order to ask the rule of the hours where it begins and ends. */
const WHOLE_DAY = [['00:00', '24:00']] as [[string, string]];

export type Span = { fromMs: number; untilMs: number };
/** A day by the clock of the zone, and when it is open; on a day of a clock change it is longer or shorter than others. */
export type NextDay = Span & { open: Span[] };
export type NextOpen = { fromMs: number; days: NextDay[]; openMs: number; lookedAtMs: number; next: Span | null };

/**
 * When it is open in seven days: from now on, or from its start on. By the very rule that calls are made by.
 * @throws where the hours are not whole yet
 */
export function nextOpen(fields: DraftFields, fromMs: number): NextOpen | null {
  const { timeZone, window, blackoutDates = [], holidays = [] } = fields;
  if (!timeZone || !window) return null;
  const untilMs = fromMs + NEXT_DAYS * DAY_MS;
  const rule = { window: window as Parameters<typeof computeOpenings>[0]['window'], blackoutDates, holidays };
  const days = DAYS.flatMap((day) => spansOf({ timeZone, fromMs, untilMs, window: { [day]: WHOLE_DAY } }))
    .sort((a, b) => a.fromMs - b.fromMs)
    .slice(0, NEXT_DAYS);
  // What was open today already is part of the picture, and no part of what is left.
  const open = spansOf({ timeZone, fromMs: days[0]?.fromMs ?? fromMs, untilMs, ...rule });
  const left = open.flatMap((span) => within(span, { fromMs, untilMs }));
  return {
    fromMs,
    days: days.map((day) => ({ ...day, open: open.flatMap((span) => within(span, day)) })),
    openMs: left.reduce((sum, span) => sum + span.untilMs - span.fromMs, 0),
    lookedAtMs: untilMs - fromMs,
    next: open.find((span) => span.untilMs > fromMs) ?? null,
  };
}

function spansOf(input: Parameters<typeof computeOpenings>[0]): Span[] {
  return computeOpenings(input).map(({ opensAtMs, closesAtMs }) => ({ fromMs: opensAtMs, untilMs: closesAtMs }));
}

function within(span: Span, { fromMs, untilMs }: Span): Span[] {
  const part = { fromMs: Math.max(span.fromMs, fromMs), untilMs: Math.min(span.untilMs, untilMs) };
  return part.untilMs > part.fromMs ? [part] : [];
}
