import type { BrowserContext, Page } from 'playwright-core';
import { percentileOf } from '../percentile.js';
import type { Row, StoryOptions } from '../story.js';
import { FIRST_PAINT, untilListed } from './in-page.js';

const ROUNDS = 7;
/** A slow laptop on a slow line: a quarter of this processor, 10 Mbit, 40 ms. */
const SLOWER = 4;
const BYTES_PER_SECOND = 10_000_000 / 8;
const LATENCY_MS = 40;
const LOAD_MAX_MS = 60_000;

/** The list of batches, by who comes for the first time: nothing is kept by the browser. */
export async function measureFirstLoad(context: BrowserContext, batch: string, { say }: StoryOptions): Promise<Row[]> {
  const paintedMs: number[] = [];
  const usableMs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const page = await context.newPage();
    page.setDefaultTimeout(LOAD_MAX_MS);
    await slowDown(page);
    await page.goto('/batches');
    usableMs.push(await page.evaluate<number>(untilListed(batch)));
    paintedMs.push(await page.evaluate<number>(FIRST_PAINT));
    await page.close();
  }
  say(`first paint ${paintedMs.map(Math.round).join(', ')} ms; usable ${usableMs.map(Math.round).join(', ')} ms`);
  return [
    { label: 'first paint p50', value: percentileOf(paintedMs, 50), unit: 'ms', bar: 1_000, better: 'lower' },
    { label: 'usable p50', value: percentileOf(usableMs, 50), unit: 'ms', bar: 2_000, better: 'lower' },
  ];
}

async function slowDown(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: LATENCY_MS,
    downloadThroughput: BYTES_PER_SECOND,
    uploadThroughput: BYTES_PER_SECOND,
  });
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
}
