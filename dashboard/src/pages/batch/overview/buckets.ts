import { OUTCOMES, type Outcome } from '../../../../../domain/calls/outcomes.js';
import type { Schemas } from '../../../api/client.js';

type Series = Schemas['Series'];

/** The first instant of a bucket as the axis writes it: the hour, or the day. */
export function bucketLabel({ bucket, timeZone }: Series, at: string): string {
  const options: Intl.DateTimeFormatOptions =
    bucket === 'day' ? { day: 'numeric', month: 'short' } : { weekday: 'short', hour: '2-digit', minute: '2-digit' };
  return new Intl.DateTimeFormat(undefined, { ...options, timeZone }).format(new Date(at));
}

/** How often each outcome was there, the most frequent first; those that were never there are left out. */
export function outcomeCounts({ points }: Series): { outcome: Outcome; calls: number }[] {
  return OUTCOMES.map((outcome) => ({
    outcome,
    calls: points.reduce((sum, { outcomes }) => sum + outcomes[outcome], 0),
  }))
    .filter(({ calls }) => calls > 0)
    .sort((a, b) => b.calls - a.calls);
}

/** Sent and picked up by the hour of the day in the zone of the series. A bucket of a day has no hour: then none are given. */
export function byHour({ points, bucket, timeZone }: Series): { hour: number; sent: number; pickedUp: number }[] {
  if (bucket === 'day') return [];
  const format = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', hourCycle: 'h23', timeZone });
  const hours = Array.from({ length: 24 }, (_, hour) => ({ hour, sent: 0, pickedUp: 0 }));
  for (const { at, sent, pickedUp } of points) {
    const hour = hours[Number(format.format(new Date(at)))];
    if (!hour) continue;
    hour.sent += sent;
    hour.pickedUp += pickedUp;
  }
  return hours.filter(({ sent }) => sent > 0);
}
