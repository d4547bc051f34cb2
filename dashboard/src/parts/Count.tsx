const written = new Intl.NumberFormat();

/** A figure as the reader's language writes it. */
export function count(value: number): string {
  return written.format(value);
}

/** A figure and what it counts: "1 live call", "1,200 live calls". */
export function Count({ of, one, many }: { of: number; one: string; many: string }) {
  return <>{counted(of, one, many)}</>;
}

export function counted(value: number, one: string, many: string): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
