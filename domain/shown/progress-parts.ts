import type { RecipientStatus } from '../recipients/status.js';

export type ProgressPart = {
  status: RecipientStatus;
  light: string;
  dark: string;
  /** Parts that may lie beside each other, when those between are empty, differ by more than their hue. */
  pattern: 'plain' | 'hatched' | 'moving' | 'dotted' | 'outlined';
};

/** The parts of a batch, from left to right. They add up to all recipients. Each has a contrast of 3:1 with the page at least. */
export const PROGRESS_PARTS: readonly ProgressPart[] = [
  { status: 'COMPLETED', light: '#1B6B2F', dark: '#8CE99A', pattern: 'plain' },
  { status: 'NO_ANSWER', light: '#B8740A', dark: '#D9920F', pattern: 'plain' },
  { status: 'FAILED', light: '#B81D1D', dark: '#FFA8A8', pattern: 'hatched' },
  { status: 'CANCELLED', light: '#868E96', dark: '#868E96', pattern: 'plain' },
  { status: 'SUPPRESSED', light: '#465263', dark: '#C4CCD8', pattern: 'plain' },
  { status: 'UNCERTAIN', light: '#9B5DE5', dark: '#A57BF0', pattern: 'dotted' },
  { status: 'IN_PROGRESS', light: '#1357A6', dark: '#A5D8FF', pattern: 'moving' },
  { status: 'QUEUED', light: '#3A8EE0', dark: '#3B8FE0', pattern: 'plain' },
  { status: 'PENDING', light: '#DEE2E6', dark: '#343A40', pattern: 'outlined' },
];

/** Those in which nothing more happens by itself. An uncertain one waits for a verdict. */
const SETTLED: readonly RecipientStatus[] = ['COMPLETED', 'NO_ANSWER', 'FAILED', 'CANCELLED', 'SUPPRESSED'];

type Counts = Record<RecipientStatus, number> & { total: number };

/** Whole percents that are settled. 100 only when all are, and 0 only when none is. */
export function settledPercent(counts: Counts): number {
  if (counts.total === 0) return 0;
  const settled = SETTLED.reduce((sum, status) => sum + counts[status], 0);
  if (settled === counts.total) return 100;
  return settled === 0 ? 0 : Math.min(99, Math.max(1, Math.floor((100 * settled) / counts.total)));
}
