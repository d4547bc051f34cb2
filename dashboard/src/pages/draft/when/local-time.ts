const DAY_MS = 86_400_000;

/** The clock of a zone at an instant, as date and time fields take it. */
export function localPartsOf(at: string, zone: string): { date: string; time: string } {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    ...({ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const),
    hourCycle: 'h23',
  }).formatToParts(new Date(at));
  const of = (type: Intl.DateTimeFormatPartTypes): string => parts.find((part) => part.type === type)?.value ?? '';
  return { date: `${of('year')}-${of('month')}-${of('day')}`, time: `${of('hour')}:${of('minute')}` };
}

/** Whether a text is a local time, without an offset. */
export function isLocal(at: string): boolean {
  return !/(?:Z|[+-]\d\d:?\d\d)$/i.test(at);
}

/** So many days from now, at the begin of the hour, as a local time. */
export function dayLater(days: number, zone: string): string {
  const { date, time } = localPartsOf(new Date(Date.now() + days * DAY_MS).toISOString(), zone);
  return `${date}T${time.slice(0, 2)}:00`;
}
