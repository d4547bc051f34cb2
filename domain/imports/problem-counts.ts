import type { FieldCode } from '../field-codes.js';

/** How many rows have a problem of each code; a row counts once for each of its codes. */
export type ProblemCounts = Partial<Record<FieldCode, { accepted: number; rejected: number }>>;

/** The codes of a row's problems, each once. */
export function codesOf(problems: readonly { code: string }[]): FieldCode[] {
  // Only our own checks write them.
  return [...new Set(problems.map(({ code }) => code as FieldCode))];
}

/** Counts a row in, or out; or several with the same codes. */
export function countRow(counts: ProblemCounts, codes: readonly FieldCode[], accepted: boolean, by = 1): void {
  for (const code of codes) {
    const count = (counts[code] ??= { accepted: 0, rejected: 0 });
    count[accepted ? 'accepted' : 'rejected'] += by;
    if (count.accepted === 0 && count.rejected === 0) delete counts[code];
  }
}
