/** The demo calls in office hours, so it picks a place where it is the middle of a working day now. */
const ZONES = [
  'Europe/Madrid',
  'America/New_York',
  'America/Los_Angeles',
  'Pacific/Auckland',
  'Asia/Tokyo',
  'Asia/Kolkata',
  'Pacific/Honolulu',
  'America/Sao_Paulo',
  'Asia/Dubai',
];
const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const OPENS = '09:00';
const CLOSES = '18:00';
/** The demo has to fit into what is left of the day. */
const LATEST_START = '17:30';

export type DemoHours = {
  timeZone: string;
  window: Record<string, [string, string][]>;
  isAllowedAt(instantMs: number): boolean;
};

/** Every day from nine to six, in a time zone in which that is now. */
export function demoHours(nowMs: number): DemoHours {
  const timeZone = ZONES.find((zone) => isBetween(zone, nowMs, OPENS, LATEST_START));
  if (!timeZone) throw new Error('There is no time zone in the list where it is office hours now.');
  return {
    timeZone,
    window: Object.fromEntries(DAYS.map((day) => [day, [[OPENS, CLOSES]]])),
    isAllowedAt: (instantMs) => isBetween(timeZone, instantMs, OPENS, CLOSES),
  };
}

/** By the zone's own clock, read with Intl: shares nothing with the product's time rules, which it is there to check. */
function isBetween(timeZone: string, instantMs: number, from: string, until: string): boolean {
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(instantMs);
  return clock >= from && clock < until;
}
