import { percentileOf } from './percentile.js';

/** One figure of a story against the bar that DESIGN.md set for it. */
export type Row = {
  /** What tells rows of one story apart, e.g. 'p95'. */
  label?: string;
  value: number;
  unit: string;
  bar: number;
  better: 'higher' | 'lower';
};

export type StoryOptions = {
  /** Folder of its own, for data and logs of the servers that it starts. */
  dir: string;
  say(text: string): void;
};

export type Story = {
  name: string;
  /** One line, printed before it runs. */
  what: string;
  run(options: StoryOptions): Promise<Row[]>;
};

/** A figure that misses its bar by more than this share fails the run; less is what a shared machine does to any figure. */
const MISS_SHARE_MAX = 0.2;

export function formatRow(story: string, row: Row): string {
  const name = row.label === undefined ? story : `${story} ${row.label}`;
  return `${name} ${significant(row.value)} ${row.unit} bar ${row.bar} ${isMet(row) ? 'ok' : 'short'}`;
}

function isMet({ value, bar, better }: Row): boolean {
  return better === 'higher' ? value >= bar : value <= bar;
}

export function isFarOff({ value, bar, better }: Row): boolean {
  return !(better === 'higher' ? value >= bar * (1 - MISS_SHARE_MAX) : value <= bar * (1 + MISS_SHARE_MAX));
}

export function median(values: readonly number[]): number {
  return percentileOf(values, 50);
}

function significant(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
