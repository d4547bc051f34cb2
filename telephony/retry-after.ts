/** What a Retry-After header asks for (seconds, or an HTTP date), or null when it is absent or unreadable. */
export function retryAfterMsOf(header: string | undefined, nowMs: number): number | null {
  if (header === undefined) return null;
  if (/^\d{1,9}(\.\d+)?$/.test(header)) return Math.round(Number(header) * 1_000);
  const dateMs = Date.parse(header);
  return Number.isNaN(dateMs) ? null : Math.max(0, dateMs - nowMs);
}
