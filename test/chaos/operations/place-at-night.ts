/** Places in the United States whose numbers tell where they ring, with an exchange that exists there. */
const PLACES = [
  { zone: 'America/New_York', prefix: '+1212331' },
  { zone: 'America/Los_Angeles', prefix: '+1213221' },
  { zone: 'Pacific/Honolulu', prefix: '+1808221' },
  { zone: 'Pacific/Guam', prefix: '+1671647' },
] as const;

/** Calls are lawful from 8 to 21 o'clock at the called party's place. */
const OPENS_MINUTE = 8 * 60;
const CLOSES_MINUTE = 21 * 60;

/**
 * The beginning of numbers at a place where it is outside lawful hours now, and for `forMs` more. Null when there is
 * none, which is so for some hours before the day ends in UTC.
 */
export function placeAtNight(nowMs: number, forMs: number): string | null {
  const isNight = (zone: string, ms: number): boolean => {
    const minute = minuteOfDay(zone, ms);
    return minute < OPENS_MINUTE || minute >= CLOSES_MINUTE;
  };
  return PLACES.find(({ zone }) => isNight(zone, nowMs) && isNight(zone, nowMs + forMs))?.prefix ?? null;
}

function minuteOfDay(timeZone: string, ms: number): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', hour: 'numeric', minute: 'numeric' });
  const numbers = Object.fromEntries(parts.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
  return (numbers['hour'] ?? 0) * 60 + (numbers['minute'] ?? 0);
}
