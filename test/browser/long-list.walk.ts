import type { Page } from 'playwright-core';
import { answered } from '../../client/index.js';
import { makeBatch } from './support/batches.js';
import { startDashboard, type DashboardStack } from './support/dashboard-stack.js';
import { openPage, type WatchedPage } from './support/watched-page.js';

/** More than the pages that a list keeps. */
const PEOPLE = 3_000;
const AT_ONCE = 200;
/** Less than what is drawn, so that no row is passed unseen. */
const WHEEL_PX = 1_000;
const WAIT_MS = 20_000;

describe('a list that is longer than what the page keeps of it', () => {
  let dashboard: DashboardStack;
  let watched: WatchedPage;
  let page: Page;
  let batchId: string;

  beforeAll(async () => {
    dashboard = await startDashboard();
    watched = await openPage(dashboard.browser, { url: dashboard.stack.apiUrl });
    ({ page } = watched);
    page.setDefaultTimeout(WAIT_MS);
    await dashboard.signIn(page);
    batchId = await makeLongBatch();
  });

  afterAll(() => dashboard?.stop());

  /** Its people are named by their place in the list. */
  async function makeLongBatch(): Promise<string> {
    const { api } = dashboard.dialwright;
    const { id } = await makeBatch(dashboard.dialwright, dashboard.stack, {
      name: 'Long',
      people: AT_ONCE,
      submit: false,
    });
    const params = { path: { batchId: id } };
    for (let first = AT_ONCE; first < PEOPLE; first += AT_ONCE) {
      const recipients = Array.from({ length: AT_ONCE }, (_, index) => ({
        phoneNumber: `+1202555${String(100 + first + index).padStart(4, '0')}`,
        name: `Person ${first + index}`,
      }));
      await answered(api.POST('/v1/batches/{batchId}/recipients', { params, body: { recipients } }));
    }
    // It starts tomorrow: until then its people stay as they are.
    const body = { start: { at: new Date(Date.now() + 86_400_000).toISOString() }, purpose: 'informational' as const };
    await answered(api.PATCH('/v1/batches/{batchId}', { params, body }));
    await answered(api.POST('/v1/batches/{batchId}/submit', { params }));
    return id;
  }

  const table = () => page.getByRole('table', { name: 'Recipients' });
  const rowAt = (place: number) =>
    table()
      .getByRole('row')
      .and(page.locator(`[aria-rowindex="${place + 2}"]`));

  /** Turns the wheel until a row is there; each row that is drawn on the way has the name of its place. */
  async function scrollTo(place: number, pixels: number): Promise<void> {
    await page.getByRole('region', { name: 'Recipients' }).hover();
    while ((await rowAt(place).count()) === 0) {
      await page.mouse.wheel(0, pixels);
      const rows = await table()
        .getByRole('row')
        .evaluateAll((all) =>
          all.slice(1).map((row) => [Number(row.getAttribute('aria-rowindex')), row.textContent] as const),
        );
      for (const [index, text] of rows) expect(text).toContain(`Person ${index - 2}`);
    }
  }

  it('reaches its end and comes back to its beginning, with each row at its place', async () => {
    await page.goto(`/batches/${batchId}?tab=recipients`);
    await rowAt(0).waitFor();
    await scrollTo(PEOPLE - 1, WHEEL_PX);
    // Rows are drawn a little before they are seen.
    await page.mouse.wheel(0, WHEEL_PX);
    await page.getByText(/^Rows 2,9\d\d–3,000 of 3,000$/).waitFor();
    await scrollTo(0, -WHEEL_PX);
    await page.mouse.wheel(0, -WHEEL_PX);
    await page.getByText(/^Rows 1–\d+ of 3,000$/).waitFor();
    expect(watched.faults).toEqual([]);
  });

  it('keeps no more of it than 20 pages, and says where one is', async () => {
    await scrollTo(PEOPLE - 1, WHEEL_PX);
    const asked: string[] = [];
    page.on('request', (request) => void asked.push(request.url()));
    await scrollTo(500, -WHEEL_PX);
    // The first pages were let go: on the way back those from row 1,000 to row 500 are read again, and one or two ahead.
    const pages = asked.filter((url) => url.includes('/recipients?')).length;
    expect(pages).toBeGreaterThanOrEqual(5);
    expect(pages).toBeLessThanOrEqual(8);
    expect(watched.faults).toEqual([]);
  });
});
