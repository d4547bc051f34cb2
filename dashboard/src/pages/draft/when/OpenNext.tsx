import { Text } from '@mantine/core';
import { computeOpenings } from '../../../../../domain/hours/openings.js';
import { count } from '../../../parts/Count.js';
import { ownZone, placeOf, writeMoment } from '../../../parts/moments.js';
import type { DraftFields } from '../draft-fields.js';

const DAYS = 7;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** How long it is open in the next days, and when next: by the very rules that the calls are made by. */
export function OpenNext({ fields }: { fields: DraftFields }) {
  const said = foreseen(fields);
  if (said === null) return null;
  return (
    <Text size="sm" role="status" aria-label="Open next">
      {said}
    </Text>
  );
}

function foreseen({ timeZone, window, blackoutDates = [], holidays = [], hoursIn }: DraftFields): string | null {
  if (!timeZone || !window) return null;
  const fromMs = Date.now();
  const untilMs = fromMs + DAYS * DAY_MS;
  try {
    const rule = { window: window as Parameters<typeof computeOpenings>[0]['window'], blackoutDates, holidays };
    const openings = computeOpenings({ timeZone, fromMs, untilMs, ...rule });
    const openMs = openings.reduce(
      (sum, { opensAtMs, closesAtMs }) => sum + Math.min(closesAtMs, untilMs) - Math.max(opensAtMs, fromMs),
      0,
    );
    const [next] = openings;
    if (!next) return `Closed in the next ${DAYS} days.`;
    if (openMs >= untilMs - fromMs) return 'Open at all hours.';
    const where = hoursIn === 'recipient' ? 'for somebody in' : 'in';
    const until = writeMoment(new Date(next.closesAtMs).toISOString(), timeZone);
    const isOpen = next.opensAtMs <= fromMs;
    const when = isOpen
      ? `Open now, until ${until}`
      : `Next: ${writeMoment(new Date(next.opensAtMs).toISOString(), timeZone)} to ${until}`;
    const place = timeZone === ownZone && hoursIn !== 'recipient' ? '' : ` (${where} ${placeOf(timeZone)})`;
    return `Open ${count(Math.round(openMs / HOUR_MS))} h in the next ${DAYS} days. ${when}${place}.`;
  } catch {
    // Half of a change, such as a time that is not whole: what is wrong stands at its field.
    return null;
  }
}
