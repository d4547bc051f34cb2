import { AxeBuilder } from '@axe-core/playwright';
import { answered } from '../../client/index.js';
import { eventually } from '../support/eventually.js';
import { makeBatch } from './support/batches.js';
import { startDashboard, type DashboardStack } from './support/dashboard-stack.js';
import { loseCallsTo } from './support/lost-calls.js';
import { openPage, type WatchedPage } from './support/watched-page.js';

const WAIT_MS = 20_000;
const [LOST, LOST_TOO, STOPPED] = ['+12025550191', '+12025550192', '+12025550193'] as const;
/** Is talked to all the time, so that its batch goes on. */
const [TALKS, LOST_ALONE] = ['+12025550196', '+12025550197'] as const;
const BUSY = ['+12025550194', '+12025550195'] as const;
const SHORT = ['+12025550180', '+12025550181', '+12025550182', '+12025550183', '+12025550184'] as const;
/** At the speed of the carrier three seconds: one after the other they can be watched. */
const CALL_MS = 60_000;
const HOURS = { outcome: 'ANSWERED', ringMs: 0, callLengthMs: 7_200_000 } as const;

/** Chooses a status and opens a recipient with nothing drawn in between: promises are settled, no task has run. */
const quickClicks = (phoneNumber: string) => `(async () => {
  document.querySelector('[role=group] input[value=COMPLETED]').click();
  for (let turn = 0; turn < 20; turn += 1) await null;
  [...document.querySelectorAll('[role=table] button')].find((each) => each.textContent.includes("${phoneNumber}")).click();
})()`;

let dashboard: DashboardStack;
let watched: WatchedPage;
let page: WatchedPage['page'];
beforeAll(async () => {
  dashboard = await startDashboard({
    carrier: {
      speed: 20,
      setupMs: 0,
      ringMs: { min: 0, max: 0 },
      outcomes: { ANSWERED: 1 },
      callLength: { is: 'fixed', ms: CALL_MS },
      numbers: {
        [LOST]: HOURS,
        [LOST_TOO]: HOURS,
        [TALKS]: HOURS,
        [LOST_ALONE]: HOURS,
        ...Object.fromEntries(BUSY.map((phone) => [phone, { outcome: 'BUSY' }])),
      },
    },
  });
  watched = await openPage(dashboard.browser, { url: dashboard.stack.apiUrl });
  ({ page } = watched);
  page.setDefaultTimeout(WAIT_MS);
  await watched.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await dashboard.signIn(page);
}, 120_000);
afterAll(() => dashboard?.stop());

const make = (making: Parameters<typeof makeBatch>[2]) => makeBatch(dashboard.dialwright, dashboard.stack, making);
const batchOf = (batchId: string) =>
  answered(dashboard.dialwright.api.GET('/v1/batches/{batchId}', { params: { path: { batchId } } }));
const listed = async (batchId: string, query: { sort?: 'ordinal' | 'status' } = {}) =>
  (
    await answered(
      dashboard.dialwright.api.GET('/v1/batches/{batchId}/recipients', { params: { path: { batchId }, query } }),
    )
  ).data;
const table = () => page.getByRole('table', { name: 'Recipients' });
const shownNumbers = () => table().getByRole('button', { name: /^\+/ }).allInnerTexts();
const drawer = () => page.getByRole('dialog', { name: 'Recipient' });
const completed = (batchId: string) =>
  eventually(async () => expect((await batchOf(batchId)).status).toBe('COMPLETED'), 30_000);

async function seriousProblems(): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`);
}

describe('the recipients of a batch', () => {
  it('that are uncertain are settled by a verdict, which says before what it does', async () => {
    const { id } = await make({ name: 'Uncertain', people: [LOST, LOST_TOO, TALKS] });
    const statuses = async () => (await listed(id)).slice(0, 2).map(({ status }) => status);
    await loseCallsTo(dashboard.stack.databaseUrl, [LOST, LOST_TOO]);
    await page.goto(`/batches/${id}`);
    await page.getByRole('button', { name: 'Uncertain: 2. Show them' }).click();
    await table().getByRole('button', { name: LOST, exact: true }).click();
    await drawer().getByRole('button', { name: 'Called', exact: true }).click();
    const called = page.getByRole('dialog', { name: 'Called?' });
    await called.getByText('The recipient becomes Completed.').waitFor();
    await called.getByRole('button', { name: 'Called', exact: true }).click();
    await drawer().getByText('Completed').first().waitFor();
    await drawer().getByRole('button', { name: 'Close' }).click();
    await drawer().waitFor({ state: 'detached' });
    expect(await statuses()).toEqual(['COMPLETED', 'UNCERTAIN']);

    await table().getByRole('button', { name: LOST_TOO, exact: true }).click();
    await drawer().getByRole('button', { name: 'Not called', exact: true }).click();
    const notCalled = page.getByRole('dialog', { name: 'Not called?' });
    await notCalled.getByText(/is called again; if there was a call, the phone rings twice/).waitFor();
    await notCalled.getByRole('button', { name: 'Not called', exact: true }).click();
    await drawer().getByText('In progress').first().waitFor();
    await eventually(async () => expect(await statuses()).toEqual(['COMPLETED', 'IN_PROGRESS']));
    expect(watched.faults).toEqual([]);
  });

  it('that are uncertain in a batch that is over are not called, and the verdict says so before', async () => {
    const { id } = await make({ name: 'Uncertain to the end', people: [LOST_ALONE] });
    await loseCallsTo(dashboard.stack.databaseUrl, [LOST_ALONE]);
    await completed(id);
    await page.goto(`/batches/${id}`);
    const sentence = page.getByRole('status', { name: 'What happens' });
    await sentence
      .getByText('Completed, but 1 recipient is uncertain: nobody knows whether there was a call.')
      .waitFor();
    await sentence.getByRole('link', { name: 'Decide' }).click();
    await table().getByRole('button', { name: LOST_ALONE, exact: true }).click();
    await drawer().getByRole('button', { name: 'Not called', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Not called?' });
    await dialog.getByText('The batch is over: the recipient becomes Failed').waitFor();
    await dialog.getByRole('button', { name: 'Not called', exact: true }).click();
    await drawer().getByText('Failed').first().waitFor();

    expect((await listed(id)).map(({ status }) => status)).toEqual(['FAILED']);
    expect(watched.faults).toEqual([]);
  });

  it('on Do not call are stopped while they wait, and shown so without a reload', async () => {
    const { id } = await make({ name: 'Stopped', people: [SHORT[0], STOPPED], limits: { concurrency: 1 } });
    await page.goto(`/batches/${id}?tab=recipients`);
    const row = page.getByRole('row').filter({ hasText: STOPPED });
    await row.waitFor();
    await answered(dashboard.dialwright.api.POST('/v1/suppressions', { body: { phoneNumbers: [STOPPED] } }));
    await row.getByText('On Do not call').waitFor();
    await page.getByRole('button', { name: 'On Do not call: 1. Show them' }).waitFor();

    expect((await listed(id))[1]).toMatchObject({ status: 'SUPPRESSED', attemptCount: 0 });
    expect(watched.faults).toEqual([]);
  });

  it('do not move under a filter while calls are made: how many changed is said, and a press shows them', async () => {
    const { id } = await make({ name: 'Held', people: SHORT, limits: { concurrency: 1 } });
    await page.goto(`/batches/${id}?tab=recipients&status=QUEUED`);
    await table().getByRole('button', { name: /^\+/ }).first().waitFor();
    const before = await shownNumbers();
    const refresh = page.getByRole('status', { name: 'Changed rows' }).getByRole('button', { name: /^\d changed/ });
    await refresh.waitFor();
    expect(await shownNumbers()).toEqual(before);
    await refresh.click();
    await eventually(async () => expect((await shownNumbers()).length).toBeLessThan(before.length));

    await completed(id);
    await page.goto(`/batches/${id}?tab=recipients`);
    await page.getByRole('button', { name: 'Order: as they came' }).click();
    await page.getByRole('button', { name: 'Order: by status' }).waitFor();
    const ordered = (await listed(id, { sort: 'status' })).map(({ phoneNumber }) => phoneNumber);
    await eventually(async () => expect(await shownNumbers()).toEqual(ordered));
    expect(new URL(page.url()).searchParams.get('sort')).toBe('status');
    expect(watched.faults).toEqual([]);
  });

  it('who were not reached are called again, and nobody else', async () => {
    const { id } = await make({ name: 'Again', people: [SHORT[1], ...BUSY] });
    await completed(id);
    await page.goto(`/batches/${id}`);
    await page.getByRole('button', { name: `No answer: ${BUSY.length}. Show them` }).click();
    await page.getByRole('checkbox', { name: `Choose ${BUSY[0]}` }).check();
    const bar = page.getByRole('group', { name: 'With those who are chosen' });
    await bar.getByRole('button', { name: `All ${BUSY.length}` }).click();
    await bar.getByRole('button', { name: 'Call again' }).click();
    const dialog = page.getByRole('dialog', { name: `Call ${BUSY.length} recipients again?` });
    await dialog.getByRole('button', { name: /^Call again/ }).click();
    await page.getByRole('status', { name: 'Job' }).getByText(`Call again: ${BUSY.length} done.`).waitFor();
    await eventually(async () =>
      expect((await listed(id)).map(({ attemptCount, status }) => [attemptCount, status])).toEqual([
        [1, 'COMPLETED'],
        ...BUSY.map(() => [2, 'NO_ANSWER']),
      ]),
    );
    await eventually(async () => expect((await batchOf(id)).counters.attempts.sent).toBe(1 + 2 * BUSY.length));
    await completed(id);
    expect(watched.faults).toEqual([]);
  });

  it('open by a link in a new tab, and Back brings filter, tab and drawer back', async () => {
    const { id } = await make({ name: 'Linked', people: SHORT.slice(0, 2) });
    await completed(id);
    await page.goto(`/batches/${id}`);
    await page.getByRole('tab', { name: 'Recipients' }).click();
    const filter = page.getByRole('group', { name: 'Status of the recipients' });
    await filter.getByText(/^Completed/).click();
    await table().getByRole('button', { name: SHORT[1], exact: true }).click();
    await drawer().getByRole('heading', { name: SHORT[1] }).waitFor();
    const address = page.url();
    expect(address).not.toContain(SHORT[1].slice(1));
    const other = await watched.context.newPage();
    await other.goto(address);
    await other.getByRole('dialog', { name: 'Recipient' }).getByRole('heading', { name: SHORT[1] }).waitFor();
    expect(await other.getByRole('radio', { name: /^Completed/ }).isChecked()).toBe(true);
    await other.close();

    await page.goto('/live');
    await page.goBack();
    await drawer().getByRole('heading', { name: SHORT[1] }).waitFor();
    await page.goBack();
    await drawer().waitFor({ state: 'detached' });
    expect(await page.getByRole('radio', { name: /^Completed/ }).isChecked()).toBe(true);
    await page.goBack();
    await eventually(async () => expect(await page.getByRole('radio', { name: /^All/ }).isChecked()).toBe(true));
    expect(watched.faults).toEqual([]);
  });

  it('keep the filter when one is opened before the page was drawn with it', async () => {
    const { id } = await make({ name: 'Quick', people: SHORT.slice(0, 2) });
    await completed(id);
    await page.goto(`/batches/${id}?tab=recipients`);
    await table().getByRole('button', { name: SHORT[1], exact: true }).waitFor();
    await page.evaluate(quickClicks(SHORT[1]));
    await drawer().getByRole('heading', { name: SHORT[1] }).waitFor();
    expect(new URL(page.url()).searchParams.get('status')).toBe('COMPLETED');
    expect(watched.faults).toEqual([]);
  });

  it('and their batch give ids and numbers to the clipboard byte for byte', async () => {
    const { id } = await make({ name: 'Copied', people: SHORT.slice(0, 1), submit: false });
    const [recipient] = await listed(id);
    await page.goto(`/batches/${id}?tab=recipients&recipient=${recipient?.id}`);
    const copied = async (within: typeof page | ReturnType<typeof drawer>, name: string): Promise<unknown> => {
      await within.getByRole('button', { name, exact: true }).click();
      return page.evaluate('navigator.clipboard.readText()');
    };
    expect(await copied(drawer(), 'Copy the phone number')).toBe(SHORT[0]);
    expect(await copied(drawer(), 'Copy the id')).toBe(recipient?.id);
    await drawer().getByRole('button', { name: 'Close' }).click();
    await drawer().waitFor({ state: 'detached' });
    expect(await copied(page, 'Copy the id')).toBe(id);
    expect(watched.faults).toEqual([]);
  });

  it('have the columns that were chosen, variables too, also after a reload', async () => {
    const { id } = await make({ name: 'Columns', people: 3, submit: false });
    await page.goto(`/batches/${id}?tab=recipients`);
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('checkbox', { name: '{{city}}' }).check();
    await page.getByRole('checkbox', { name: 'Last outcome' }).uncheck();
    await page.getByRole('checkbox', { name: 'Last error' }).check();
    expect(await seriousProblems()).toEqual([]);
    await page.reload();
    await page.getByRole('columnheader', { name: 'city' }).waitFor();
    const headers = await page.getByRole('columnheader').allInnerTexts();

    expect(headers.filter(Boolean)).toEqual([
      ...['Choose', 'Phone number', 'Name', 'Status', 'Attempts', 'Last error', 'city', 'Waits for'],
    ]);
    expect(page.url()).not.toContain('city');
    expect(watched.faults).toEqual([]);
  });

  it('are changed by a job that shows how far it is, and can be ended in its middle', async () => {
    const startAt = new Date(Date.now() + 86_400_000).toISOString();
    // More than the API does at once when a job is begun; the rest is done by the worker.
    const people = Array.from({ length: 2_300 }, (_, index) => `+1212${2_300_000 + index}`);
    const { id } = await make({ name: 'Job', people, startAt });
    await dashboard.stack.worker.kill();
    await page.goto(`/batches/${id}?tab=recipients`);
    await page.getByRole('checkbox', { name: 'Choose +12122300001' }).check();
    const bar = page.getByRole('group', { name: 'With those who are chosen' });
    await bar.getByRole('button', { name: 'All 2,300' }).click();
    await bar.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('button', { name: 'Remove: 2,300 recipients' }).click();
    const job = page.getByRole('status', { name: 'Job' });
    await job.getByText('Remove: 2,000 done. Looked at 2,000 of 2,300.').waitFor();
    const progress = job.getByRole('progressbar', { name: 'Progress of the job' });
    expect(Number(await progress.getAttribute('aria-valuenow'))).toBeCloseTo(87, 0);
    await job.getByRole('button', { name: 'End' }).click();
    await job.getByText('Remove: 2,000 done. It was ended before its end.').waitFor();
    dashboard.stack.worker = await dashboard.stack.startWorker();

    expect((await batchOf(id)).counters.recipients.total).toBe(300);
    expect(watched.faults).toEqual([]);
  });
});
