import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { daysOf, isRemembered, placeOf, rememberHolidays, type HolidayCalendar } from '../../domain/hours/holidays.js';

/** What the library says of a year. */
type Found = Parameters<typeof daysOf>[0][];
type CalendarYear = { calendar: HolidayCalendar; year: number };

const DAY_MS = 86_400_000;
/** Openings are looked for so far ahead, with a margin; a holiday may have begun in the year before. */
const AHEAD_MS = 420 * DAY_MS;
const BEHIND_MS = 8 * DAY_MS;
/** The start of the thread included, on a busy machine. */
const YEAR_TIMEOUT_MS = 30_000;
/** Twenty calendars of three years, of a few requests: who comes then is told to come again. */
const YEARS_WAITING_MAX = 400;
const THREAD_MEMORY_MIB = 256;
/** The library alone, so that the thread starts in a moment, from source as from what was built. */
const THREAD = `
  const { parentPort, workerData } = require('node:worker_threads');
  const library = require('node:module').createRequire(workerData)('date-holidays');
  const Holidays = library.default ?? library;
  parentPort.on('message', ({ place, year }) => {
    parentPort.postMessage(new Holidays(place, { types: ['public'] }).getHolidays(year, 'en') || []);
  });
`;

/** Asked for and not there yet. */
const waiting = new Map<string, Promise<void>>();
let last: Promise<void> = Promise.resolve();
let thread: Worker | null = null;

/**
 * Sees to it that the holidays of some calendars are known from an instant on, as far as openings are looked for. What is not known
 * is computed by a thread, so that this process serves others meanwhile. Safe to repeat: what was computed stays.
 * @returns false when they are not there in time
 */
export async function prepareHolidays(
  calendars: readonly HolidayCalendar[],
  fromMs: number,
  timeoutMs: number,
): Promise<boolean> {
  const missing = yearsOf(calendars, fromMs).filter(({ calendar, year }) => !isRemembered(calendar, year));
  if (missing.length === 0) return true;
  if (waiting.size + missing.length > YEARS_WAITING_MAX) return false;
  const computing = missing.map(computeInTurn);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), timeoutMs);
    void areDone(computing)
      .then(resolve)
      .finally(() => clearTimeout(timer));
  });
}

async function areDone(computing: readonly Promise<void>[]): Promise<boolean> {
  try {
    for (const year of computing) await year;
    return true;
  } catch {
    return false;
  }
}

function yearsOf(calendars: readonly HolidayCalendar[], fromMs: number): CalendarYear[] {
  const years: CalendarYear[] = [];
  const lastYear = new Date(fromMs + AHEAD_MS).getUTCFullYear();
  for (let year = new Date(fromMs - BEHIND_MS).getUTCFullYear() - 1; year <= lastYear; year++)
    for (const calendar of calendars) years.push({ calendar, year });
  return years;
}

/** One after the other; a year that several ask for is computed once. */
function computeInTurn(asked: CalendarYear): Promise<void> {
  const key = JSON.stringify(asked);
  const known = waiting.get(key);
  if (known) return known;
  const computed = last.then(() => compute(asked)).finally(() => waiting.delete(key));
  last = computed.catch(() => {});
  waiting.set(key, computed);
  return computed;
}

async function compute({ calendar, year }: CalendarYear): Promise<void> {
  if (isRemembered(calendar, year)) return;
  const computer = (thread ??= startThread());
  computer.postMessage({ place: placeOf(calendar), year });
  try {
    const [found] = (await once(computer, 'message', { signal: AbortSignal.timeout(YEAR_TIMEOUT_MS) })) as [Found];
    rememberHolidays(calendar, year, found.flatMap(daysOf));
  } catch (err) {
    thread = null;
    void computer.terminate();
    throw err;
  }
}

/** It keeps no process alive. */
function startThread(): Worker {
  const started = new Worker(THREAD, {
    eval: true,
    execArgv: [],
    workerData: import.meta.url,
    resourceLimits: { maxOldGenerationSizeMb: THREAD_MEMORY_MIB },
  });
  started.unref();
  // What went wrong is told to who waits; without a listener it would end the process.
  started.on('error', () => {});
  return started;
}
