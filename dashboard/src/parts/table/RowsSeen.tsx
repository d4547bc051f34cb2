import { count } from '../Count.js';

type RowsSeenProps = {
  /** The rows that are seen, by their place in the window. */
  range: { startIndex: number; endIndex: number } | null;
  rowsBefore: number;
  total: number | null;
};

/** Where in a long list one is: "Rows 1,204–1,220 of 1,000,000". */
export function RowsSeen({ range, rowsBefore, total }: RowsSeenProps) {
  if (range === null) return null;
  const [first, last] = [range.startIndex, range.endIndex].map((place) => count(rowsBefore + place + 1));
  return (
    <span>
      Rows {first}–{last}
      {total !== null && ` of ${count(total)}`}
    </span>
  );
}
