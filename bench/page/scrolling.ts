import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { sleep } from '../../dev/processes.js';
import type { Row, StoryOptions } from '../story.js';
import { WATCH_FRAMES, type Frames } from './in-page.js';

const OPENINGS = 5;
const SCROLL_MS = Number(process.env['BENCH_PAGE_SCROLL_MS'] ?? 600_000);
/** Of a wheel that is turned without end: some 2,500 pixels a second. */
const WHEEL_PX = 250;
const WHEEL_EVERY_MS = 100;
const TURNS_PER_LOOK = 50;

/** Opens the recipients of a batch of a million and scrolls through them. */
export async function measureScrolling(
  { context, browser }: { context: BrowserContext; browser: Browser },
  batchId: string,
  { say }: StoryOptions,
): Promise<Row[]> {
  const openedMs: number[] = [];
  for (let round = 1; round < OPENINGS; round++) {
    const opened = await open(context, batchId);
    openedMs.push(opened.tookMs);
    await opened.page.close();
  }
  // A tab of its own: what other pages have left in one is not of this list.
  const { page, tookMs } = await open(context, batchId);
  openedMs.push(tookMs);
  const table = page.getByRole('region', { name: 'Recipients' });
  await table.hover();
  await page.evaluate(WATCH_FRAMES);
  const untilMs = performance.now() + SCROLL_MS;
  const memoryMb: number[] = [];
  for (let turn = 0; performance.now() < untilMs; turn++) {
    await page.mouse.wheel(0, WHEEL_PX);
    await sleep(WHEEL_EVERY_MS);
    if (turn % TURNS_PER_LOOK === 0) memoryMb.push(await memoryMbOf(browser));
  }
  const { all, blank } = await page.evaluate<Frames>('globalThis.frames');
  const seen = await table.getByText(/^Rows /).textContent();
  say(`scrolled for ${SCROLL_MS / 1000} s: ${seen ?? ''}; ${blank} of ${all} frames with a blank row`);
  const tenth = Math.ceil(memoryMb.length / 10);
  say(
    `memory of the page: ${memoryMb
      .filter((_, look) => look % tenth === 0)
      .map(Math.round)
      .join(', ')} MB`,
  );
  say(`opened in ${openedMs.map(Math.round).join(', ')} ms`);
  return [
    { label: 'recipients opened, most', value: Math.max(...openedMs), unit: 'ms', bar: 1_000, better: 'lower' },
    { label: 'frames with a blank row', value: blank, unit: 'frames', bar: 0, better: 'lower' },
    { label: 'memory of the page, most', value: Math.max(...memoryMb), unit: 'MB', bar: 300, better: 'lower' },
  ];
}

async function open(context: BrowserContext, batchId: string): Promise<{ page: Page; tookMs: number }> {
  const page = await context.newPage();
  await page.goto(`/batches/${batchId}`);
  const tab = page.getByRole('tab', { name: 'Recipients' });
  await tab.waitFor();
  const beganMs = performance.now();
  await tab.click();
  await page.getByRole('table', { name: 'Recipients' }).getByRole('row').nth(1).waitFor();
  return { page, tookMs: performance.now() - beganMs };
}

/** What the processes of the pages have for themselves, in MB, as the kernel tells it: the largest. */
async function memoryMbOf(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const pages = processInfo.filter(({ type }) => type === 'renderer');
  return Math.max(...pages.map(({ id }) => anonymousMbOf(id)));
}

function anonymousMbOf(pid: number): number {
  const kilobytes = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}
