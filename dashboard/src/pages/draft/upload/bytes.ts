const KILO = 1_000;

/** "12.4 MB": as people who look at files write it. */
export function writeBytes(bytes: number): string {
  if (bytes < KILO) return `${bytes} B`;
  const [divisor, unit] = bytes < KILO ** 2 ? [KILO, 'kilobyte'] : [KILO ** 2, 'megabyte'];
  return new Intl.NumberFormat(undefined, { style: 'unit', unit, maximumFractionDigits: 1 }).format(bytes / divisor);
}
