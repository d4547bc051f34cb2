import { Stack, Text } from '@mantine/core';
import { count } from '../../../parts/Count.js';
import { ownZone, placeOf, writeMoment } from '../../../parts/moments.js';
import type { DraftForm } from '../use-draft.js';
import { NextDays } from './NextDays.js';
import { nextOpen, type NextOpen } from './next-days.js';

const HOUR_MS = 3_600_000;

/** How long it is open in the next seven days, day by day, and when next: by the very rules that the calls are made by. */
export function OpenNext({ draft: { fields, batch, saving } }: { draft: DraftForm }) {
  const startAt = fields.start !== 'now' && saving.pending.start === undefined ? batch?.startAt : null;
  const now = Date.now();
  const startMs = startAt ? new Date(startAt).getTime() : now;
  const found = foreseen(fields, Math.max(now, startMs));
  const zone = fields.timeZone;
  if (found === null || !zone) return null;
  const where = fields.hoursIn === 'recipient' ? 'for somebody in' : 'in';
  const place = zone === ownZone && fields.hoursIn !== 'recipient' ? '' : ` (${where} ${placeOf(zone)})`;
  return (
    <Stack gap={6} role="group" aria-label="The next seven days">
      <Text size="sm" role="status" aria-label="Open next">
        {inWords(found, zone, startMs > now)}
        {place}.
      </Text>
      <NextDays days={found.days} zone={zone} nowMs={now} />
    </Stack>
  );
}

function foreseen(fields: DraftForm['fields'], fromMs: number): NextOpen | null {
  try {
    return nextOpen(fields, fromMs);
  } catch {
    // Half of a change, such as a time that is not whole: what is wrong stands at its field.
    return null;
  }
}

function inWords({ fromMs, openMs, lookedAtMs, next }: NextOpen, zone: string, startsLater: boolean): string {
  const write = (ms: number): string => writeMoment(new Date(ms).toISOString(), zone);
  const days = startsLater ? `the 7 days from ${write(fromMs)} on` : 'the next 7 days';
  if (!next) return `Closed in ${days}`;
  if (openMs >= lookedAtMs) return startsLater ? `Open at all hours from ${write(fromMs)} on` : 'Open at all hours';
  const isOpen = next.fromMs <= fromMs;
  const until = write(next.untilMs);
  const when = isOpen
    ? `${startsLater ? 'Open then' : 'Open now'}, until ${until}`
    : `Next: ${write(next.fromMs)} to ${until}`;
  return `Open ${count(Math.round(openMs / HOUR_MS))} h in ${days}. ${when}`;
}
