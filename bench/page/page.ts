import { answered } from '../../client/index.js';
import { buildDashboard } from '../../dev/build/dashboard.js';
import { pollUntil } from '../../dev/processes.js';
import { setLoad, startBatch, withStack, type BenchStack } from '../bench-stack.js';
import { ROWS } from '../imports/import-load.js';
import type { Row, Story, StoryOptions } from '../story.js';
import { measureFirstLoad } from './first-load.js';
import { measureLargeFile } from './large-file.js';
import { apiOf, withPage } from './open-browser.js';
import { measureScrolling } from './scrolling.js';
import { measureWhileLive } from './while-live.js';

const LIVE_CALLS = 2_000;
const SLOTS = 20;
/** A batch that starts so late only waits: what is measured is the page. */
const WAITS_MS = 86_400_000;
/** Whose clock counts was chosen after the recipients came. */
const ZONES_MAX_MS = 600_000;

export const page: Story = {
  name: 'page',
  what: `the dashboard in a real Chromium: first load, a batch that runs, a file of ${ROWS.toLocaleString('en')} rows, scrolling through them`,
  run(options) {
    buildDashboard(options.say);
    return withStack(
      { dir: options.dir, slots: SLOTS, carrier: { callLength: { is: 'exponential', meanMs: 1_000 } } },
      (bench) => measure(bench, options),
    );
  },
};

function measure(bench: BenchStack, options: StoryOptions): Promise<Row[]> {
  return withPage(bench, async (shown, context, browser) => {
    const live = await startBatch(bench, 'Live', LIVE_CALLS);
    const liveRows = await measureWhileLive(shown, { id: live.id, name: 'Live' }, options);
    await bench.call('POST', `/v1/batches/${live.id}/cancel`, {});
    const loadRows = await measureFirstLoad(context, 'Live', options);
    await setLoad(bench, { slots: 1, carrier: {} });
    const { batchId, rows } = await measureLargeFile(shown, options);
    await submitForTomorrow(bench, batchId);
    await shown.close();
    const scrollRows = await measureScrolling({ context, browser }, batchId, options);
    return [...loadRows, ...liveRows, ...rows, ...scrollRows];
  });
}

async function submitForTomorrow(bench: BenchStack, batchId: string): Promise<void> {
  const params = { path: { batchId } };
  const start = new Date(Date.now() + WAITS_MS).toISOString();
  const body = { start: { at: start }, purpose: 'informational' as const };
  await answered(apiOf(bench).PATCH('/v1/batches/{batchId}', { params, body }));
  const isDerived = async (): Promise<boolean> =>
    !(await answered(apiOf(bench).GET('/v1/batches/{batchId}', { params }))).zonesOutstanding;
  if (!(await pollUntil(isDerived, { timeoutMs: ZONES_MAX_MS, intervalMs: 500 })))
    throw new Error('The zones of the recipients were not derived in time');
  await answered(apiOf(bench).POST('/v1/batches/{batchId}/submit', { params }));
}
