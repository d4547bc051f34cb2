/**
 * What runs in the page, as text: this project's code is not made for browsers, and what compiles it adds names to functions
 * that a page does not know. Each keeps what it has seen in `seen`.
 */

/** Layout shifts but for those that follow a click, what a click took until it was painted, tasks of 50 ms and more. */
export const WATCH = `
  globalThis.seen = { shifts: 0, clicksMs: [], tasksMs: [] };
  const watch = (type, take, more) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true, ...more });
  watch('layout-shift', (shift) => { if (!shift.hadRecentInput) seen.shifts += shift.value; });
  watch('event', ({ name, duration }) => { if (name === 'click') seen.clicksMs.push(duration); }, { durationThreshold: 16 });
  watch('longtask', ({ duration }) => seen.tasksMs.push(duration));
`;
export type Seen = { shifts: number; clicksMs: number[]; tasksMs: number[] };

/** In each frame: whether a row lies at each quarter of the table of recipients. */
export const WATCH_FRAMES = `{
  globalThis.frames = { all: 0, blank: 0 };
  const region = document.querySelector('[role=region][aria-label=Recipients]');
  const look = () => {
    const { left, top, width, height } = region.getBoundingClientRect();
    const isRow = (share) => document.elementFromPoint(left + width / 2, top + height * share)?.closest('[role=row]');
    globalThis.frames.all++;
    if (![0.25, 0.5, 0.75].every(isRow)) globalThis.frames.blank++;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}`;
export type Frames = { all: number; blank: number };

/** Milliseconds from the start of the navigation until a batch of the list can be opened. */
export const untilListed = (name: string): string => `new Promise((resolve) => {
  const look = () => {
    const links = [...document.querySelectorAll('[role=row] a')];
    if (links.some(({ textContent }) => textContent === ${JSON.stringify(name)})) resolve(performance.now());
    else requestAnimationFrame(look);
  };
  look();
})`;

export const FIRST_PAINT = `performance.getEntriesByName('first-contentful-paint')[0].startTime`;
