/**
 * What runs in the page, as text: this project's code is not made for browsers, and what compiles it adds names to functions
 * that a page does not know. Each keeps what it has seen in `seen`.
 */

/** Of the shifts that are named, the smallest: a figure whose place is a pixel wider is none of them. */
const MOVED_MIN = 0.001;

/** Layout shifts but for those that follow a click, what a click took until it was painted, tasks of 50 ms and more. */
export const WATCH = `
  globalThis.seen = { shifts: 0, moved: [], clicksMs: [], tasksMs: [] };
  const watch = (type, take, more) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true, ...more });
  const named = ({ node, previousRect: from, currentRect: to }) =>
    ((node?.innerText ?? node?.textContent ?? '?').slice(0, 30) + ' ' + from.top + '+' + from.height + ' to ' + to.top + '+' + to.height).replace(/\\s+/g, ' ');
  watch('layout-shift', (shift) => {
    if (shift.hadRecentInput) return;
    seen.shifts += shift.value;
    if (shift.value >= ${MOVED_MIN}) seen.moved.push(shift.value.toFixed(4) + ': ' + shift.sources.map(named).join('; '));
  });
  watch('event', ({ name, duration }) => { if (name === 'click') seen.clicksMs.push(duration); }, { durationThreshold: 16 });
  watch('longtask', ({ duration }) => seen.tasksMs.push(duration));
`;
export type Seen = { shifts: number; moved: string[]; clicksMs: number[]; tasksMs: number[] };

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
