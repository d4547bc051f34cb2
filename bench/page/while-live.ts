import type { Page } from 'playwright-core';
import { sleep } from '../../dev/processes.js';
import { percentileOf } from '../percentile.js';
import type { Row, StoryOptions } from '../story.js';
import { WATCH, type Seen } from './in-page.js';

const WATCHED_MS = 20_000;
const CLICKS = 5;

/** How the page stays where it is while calls are made, and how soon it answers a click. */
export async function measureWhileLive(
  page: Page,
  { id, name }: { id: string; name: string },
  { say }: StoryOptions,
): Promise<Row[]> {
  await page.addInitScript({ content: WATCH });
  await page.goto('/batches');
  await page.getByRole('link', { name, exact: true }).waitFor();
  await sleep(WATCHED_MS);
  const list = await read(page);
  await page.goto(`/batches/${id}`);
  await page.getByRole('heading', { name, level: 1 }).waitFor();
  await sleep(WATCHED_MS);
  const batch = await read(page);
  await clickAround(page);
  const { clicksMs } = await read(page);
  say(
    `layout shift: list ${list.shifts.toFixed(4)}, batch ${batch.shifts.toFixed(4)}; clicks ${clicksMs.join(', ')} ms`,
  );
  for (const moved of [...list.moved, ...batch.moved]) say(`moved ${moved}`);
  return [
    { label: 'layout shift, live', value: Math.max(list.shifts, batch.shifts), unit: '', bar: 0.02, better: 'lower' },
    { label: 'click to paint p95', value: percentileOf(clicksMs, 95), unit: 'ms', bar: 100, better: 'lower' },
  ];
}

const TABS = ['Recipients', 'Activity', 'Settings', 'Overview'];

async function clickAround(page: Page): Promise<void> {
  for (let round = 0; round < CLICKS; round++)
    for (const name of TABS) {
      await page.getByRole('tab', { name }).click();
      await page.getByRole('tabpanel', { name }).waitFor();
    }
}

const read = (page: Page): Promise<Seen> => page.evaluate<Seen>('seen');
