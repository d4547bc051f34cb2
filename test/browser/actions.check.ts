import { answered } from '../../client/index.js';
import { eventually } from '../support/eventually.js';
import { makeBatch } from './support/batches.js';
import { startDashboard, type DashboardStack } from './support/dashboard-stack.js';
import { openPage, type WatchedPage } from './support/watched-page.js';

type Status = 'DRAFT' | 'SCHEDULED' | 'RUNNING' | 'PAUSED' | 'COMPLETED' | 'CANCELLED';
type Made = Awaited<ReturnType<typeof makeBatch>>;

const SHORT = '+12025550190';
/** No step of a page takes longer: a test that fails does so soon. */
const WAIT_MS = 20_000;
const SCHEDULED_AHEAD_MS = 86_400_000;
const ACTIONS = [
  ['Edit draft', 'edit'],
  ['Rename', 'rename'],
  ['Pause', 'pause'],
  ['Resume', 'resume'],
  ['Cancel', 'cancel'],
  ['Call again', 'retry'],
  ['Duplicate', 'duplicate'],
  ['View calls', null],
  ['Download results', null],
  ['Reload', null],
  ['Delete', 'delete'],
] as const;

let dashboard: DashboardStack;
let watched: WatchedPage;
let page: WatchedPage['page'];
beforeAll(async () => {
  dashboard = await startDashboard({
    carrier: {
      speed: 20,
      outcomes: { ANSWERED: 1 },
      callLength: { is: 'fixed', ms: 3_600_000 },
      numbers: { [SHORT]: { outcome: 'ANSWERED', ringMs: 0, callLengthMs: 1_000 } },
    },
  });
  watched = await openPage(dashboard.browser, { url: dashboard.stack.apiUrl });
  ({ page } = watched);
  page.setDefaultTimeout(WAIT_MS);
  await dashboard.signIn(page);
}, 120_000);
afterAll(() => dashboard?.stop());

const make = (making: Parameters<typeof makeBatch>[2]) => makeBatch(dashboard.dialwright, dashboard.stack, making);
const paramsOf = ({ id }: Pick<Made, 'id'>) => ({ params: { path: { batchId: id } } });
const look = (batch: Pick<Made, 'id'>) =>
  answered(dashboard.dialwright.api.GET('/v1/batches/{batchId}', paramsOf(batch)));
const reached = (batch: Made, status: Status) =>
  eventually(async () => {
    const now = await look(batch);
    expect(now.status).toBe(status);
    return now;
  }, 20_000);
const rowOf = (name: string) => page.getByRole('row').filter({ hasText: name });

async function makeIn(status: Status, name: string): Promise<Made> {
  const { api } = dashboard.dialwright;
  const limits = { concurrency: 1 };
  if (status === 'DRAFT') return make({ name, people: 3, submit: false });
  if (status === 'COMPLETED') return reached(await make({ name, people: [SHORT] }), status);
  const startAt = new Date(Date.now() + SCHEDULED_AHEAD_MS).toISOString();
  if (status === 'SCHEDULED') return reached(await make({ name, people: 3, startAt }), status);
  if (status === 'CANCELLED') {
    const made = await make({ name, people: 3, startAt });
    await answered(api.POST('/v1/batches/{batchId}/cancel', { ...paramsOf(made), body: {} }));
    return reached(made, status);
  }
  const running = await reached(await make({ name, people: 3, limits }), 'RUNNING');
  if (status === 'RUNNING') return running;
  await answered(api.POST('/v1/batches/{batchId}/pause', paramsOf(running)));
  return reached(running, status);
}

async function openActions(name: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${name}` }).click();
  await page.getByRole('menuitem').first().waitFor();
}

describe('the actions of a batch', () => {
  it.each<Status>(['DRAFT', 'SCHEDULED', 'RUNNING', 'PAUSED', 'COMPLETED', 'CANCELLED'])(
    'of one that is %s are exactly those that the API allows; of the others pointer and keyboard are told why',
    async (status) => {
      const name = `Is ${status.toLowerCase()}`;
      const made = await makeIn(status, name);
      await page.goto('/batches');
      await openActions(name);
      const items = page.getByRole('menuitem');
      const { allowedActions } = await look(made);
      const expected = ACTIONS.map(([label, action]) => {
        const isAllowed = action === null || allowedActions[action].allowed;
        return [label, isAllowed && (action !== 'edit' || status === 'DRAFT')];
      });
      const offered = await Promise.all(
        (await items.all()).map(async (item) => [
          (await item.innerText()).replace(/ ?updated .+ ago$/s, ''),
          (await item.getAttribute('aria-disabled')) !== 'true',
        ]),
      );
      expect(offered).toEqual(expected);

      const refused = expected.filter(([, isAllowed]) => !isAllowed).map(([label]) => String(label));
      const [first] = refused;
      if (!first) throw new Error('something is always refused');
      for (const label of refused) {
        const item = page.getByRole('menuitem', { name: label, exact: true });
        const told = (await item.getAttribute('aria-description')) ?? '';
        expect(told).toMatch(/^[A-Z].*\.$/);
        expect(told).not.toMatch(/[A-Z]{3,}/);
        await item.hover();
        await page.getByRole('tooltip').getByText(told).waitFor();
      }
      const why = (await items.filter({ hasText: first }).getAttribute('aria-description')) ?? '';
      await page.keyboard.press('Escape');
      await items.first().waitFor({ state: 'detached' });
      await page.mouse.move(0, 0);

      await page.getByRole('button', { name: `Actions for ${name}` }).focus();
      await page.keyboard.press('Enter');
      await items.first().waitFor();
      for (const _ of ACTIONS) {
        await page.keyboard.press('ArrowDown');
        if ((await page.evaluate('document.activeElement.textContent')) === first) break;
      }
      await page.getByRole('tooltip').getByText(why).waitFor();
      await page.keyboard.press('Enter');
      expect(await items.count()).toBe(ACTIONS.length);
      expect((await look(made)).status).toBe(status);
      await page.keyboard.press('Escape');
      expect(watched.faults).toEqual([]);
    },
  );

  it('deletes at once what comes back as it was, and Undo brings it back', async () => {
    const made = await make({ name: 'Taken back', people: 3, submit: false });
    await page.goto('/batches?status=DRAFT');
    await openActions('Taken back');
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    const notice = page.getByRole('alert').filter({ hasText: '“Taken back” was deleted.' });
    await notice.waitFor();
    await rowOf('Taken back').waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('?status=DRAFT');
    await notice.getByRole('button', { name: 'Undo' }).click();
    await rowOf('Taken back').waitFor();

    expect((await look(made)).status).toBe('DRAFT');
    expect(watched.faults).toEqual([]);
  });

  it('says before the delete of an open batch what it cancels and that it comes back as Cancelled', async () => {
    const made = await makeIn('RUNNING', 'Open one');
    await page.goto(`/batches/${made.id}`);
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    const dialog = page.getByRole('dialog', { name: /^Delete “Open one” and cancel \d calls?\?$/ });
    await dialog.getByText(/comes back as Cancelled/).waitFor();
    await dialog.getByRole('button', { name: /^Delete and cancel \d calls?$/ }).click();
    await page.waitForURL(/\/batches$/);
    await page
      .getByRole('alert')
      .filter({ hasText: '“Open one” was deleted.' })
      .getByRole('button', { name: 'Undo' })
      .click();

    await rowOf('Open one').getByText('Cancelled').waitFor();
    expect((await look(made)).status).toBe('CANCELLED');
    expect(watched.faults).toEqual([]);
  });

  it('renames a batch where it stands, and makes a draft of its settings', async () => {
    const made = await makeIn('COMPLETED', 'Old name');
    await page.goto('/batches');
    await openActions('Old name');
    await page.getByRole('menuitem', { name: 'Rename' }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Batch Call Name' }).fill('  تذكير 1  ');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await rowOf('تذكير 1').waitFor();
    expect((await look(made)).name).toBe('تذكير 1');
    await openActions('تذكير 1');
    await page.getByRole('menuitem', { name: 'Duplicate' }).click();
    await page.waitForURL(/\/batches\/bat_[0-9a-f]+\/edit$/);

    expect(page.url()).not.toContain(made.id);
    const copy = { id: /bat_[0-9a-f]+/.exec(page.url())?.[0] ?? '' };
    const [before, after] = [await look(made), await look(copy)];
    for (const setting of ['fromNumber', 'timeZone', 'window', 'retryPolicy', 'limits'] as const)
      expect([setting, after[setting]]).toEqual([setting, before[setting]]);
    expect(watched.faults).toEqual([]);
  });

  it('shows the calls of a batch, and reads a page again that says how old it is', async () => {
    const made = await makeIn('COMPLETED', 'Looked at');
    await page.goto(`/batches/${made.id}`);
    await page.getByRole('button', { name: 'More actions' }).click();
    const reload = page.getByRole('menuitem', { name: /^Reload ?updated \d+ s ago$/ });
    const [read] = await Promise.all([page.waitForResponse(`**/v1/batches/${made.id}`), reload.click()]);
    expect(read.status()).toBe(200);
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'View calls' }).click();
    await page.waitForURL(new RegExp(`/calls\\?batch=${made.id}$`));
    await page.getByRole('heading', { name: 'Calls', level: 1 }).waitFor();
    const { data } = await answered(
      dashboard.dialwright.api.GET('/v1/calls', { params: { query: { batchId: made.id } } }),
    );
    expect(data.length).toBeGreaterThan(0);
    const links = page.getByRole('table', { name: 'Calls' }).getByRole('link', { name: /^\+/ });
    await links.first().waitFor();
    expect(await links.allInnerTexts()).toEqual(data.map(({ phoneNumber }) => phoneNumber));
    expect(watched.faults).toEqual([]);
  });

  it('downloads the results of a batch byte for byte as the API gives them', async () => {
    const made = await makeIn('COMPLETED', 'Results');
    const url = `${dashboard.stack.apiUrl}/v1/batches/${made.id}/results.csv`;
    await page.goto(`/batches/${made.id}`);
    await page.getByRole('button', { name: 'More actions' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'Download results' }).click(),
    ]);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    const told = await fetch(url, { headers: { authorization: `Bearer ${dashboard.stack.apiKey}` } });

    expect(Buffer.concat(chunks).equals(Buffer.from(await told.arrayBuffer()))).toBe(true);
    expect(Buffer.concat(chunks).toString()).toContain(SHORT);
    expect(watched.faults).toEqual([]);
  });
});
