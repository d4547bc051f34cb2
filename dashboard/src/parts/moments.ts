const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** The zone of who looks. */
export const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A time in a zone: alone when it is today there, else with its day, else with its year. */
export function writeMoment(at: string, zone: string, now = new Date()): string {
  const instant = new Date(at);
  const time = format(instant, zone, { hour: '2-digit', minute: '2-digit' });
  if (dayOf(instant, zone) === dayOf(now, zone)) return time;
  const isNear = Math.abs(instant.getTime() - now.getTime()) < 300 * DAY_MS;
  const day = format(instant, zone, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...(!isNear && { year: 'numeric' }),
  });
  return `${day}, ${time}`;
}

/** Whole, with the zone's name: what stands behind a short one. */
export function writeFullMoment(at: string, zone: string): string {
  return format(new Date(at), zone, { dateStyle: 'full', timeStyle: 'medium' });
}

/** The time of day alone, to the second. */
export function writeClock(at: string | number, zone: string): string {
  return format(new Date(at), zone, { timeStyle: 'medium' });
}

/** "3 min", "2 h 5 min", "4 d 3 h": rounded down, of two units at most. */
export function writeSpan(ms: number): string {
  const minutes = Math.floor(Math.max(0, ms) / MINUTE_MS);
  if (minutes < 1) return `${Math.floor(Math.max(0, ms) / 1_000)} s`;
  const [days, hours] = [Math.floor(minutes / 1_440), Math.floor((minutes % 1_440) / 60)];
  if (days > 0) return `${days} d${hours > 0 ? ` ${hours} h` : ''}`;
  return hours > 0 ? `${hours} h${minutes % 60 > 0 ? ` ${minutes % 60} min` : ''}` : `${minutes} min`;
}

/** "0:21", "1:02:03". */
export function writeDuration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60), seconds % 60];
  const two = (figure: number): string => String(figure).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** "Madrid", of "Europe/Madrid". */
export function placeOf(zone: string): string {
  return (zone.split('/').pop() ?? zone).replaceAll('_', ' ');
}

/** How long a part of a call took, which may be short: "240 ms", "3.4 s", "42 s", "3:07". */
export function writeExact(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  return ms < 60_000 ? `${Math.floor(ms / 1_000)} s` : writeDuration(ms);
}

function dayOf(instant: Date, zone: string): string {
  return format(instant, zone, { year: 'numeric', month: '2-digit', day: '2-digit' });
}

/** Formats are dear to make. */
const formats = new Map<string, Intl.DateTimeFormat>();

function format(instant: Date, zone: string, options: Intl.DateTimeFormatOptions): string {
  const key = `${zone} ${JSON.stringify(options)}`;
  let made = formats.get(key);
  if (!made) formats.set(key, (made = new Intl.DateTimeFormat(undefined, { ...options, timeZone: zone })));
  return made.format(instant);
}
