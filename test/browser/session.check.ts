import { answered } from '../../client/index.js';
import { makeBatch } from './support/batches.js';
import { PASSWORD, startDashboard, type DashboardStack } from './support/dashboard-stack.js';
import { openPage } from './support/watched-page.js';

let dashboard: DashboardStack;
beforeAll(async () => {
  dashboard = await startDashboard({ carrier: { speed: 5 } });
}, 120_000);
afterAll(() => dashboard?.stop());

const open = () => openPage(dashboard.browser, { url: dashboard.stack.apiUrl });
const endSession = "fetch('/v1/session', { method: 'DELETE' })";

describe('a session and its page', () => {
  it('asks for the password on top of the page when the session ends, and loses nothing of what was typed', async () => {
    const { page, faults, context } = await open();
    await dashboard.signIn(page);
    await page.goto('/batches/new');
    const name = page.getByRole('textbox', { name: 'Batch Call Name' });
    await name.fill('Kept');
    await page.getByText('Saved', { exact: true }).waitFor();
    await page.evaluate(endSession);
    await name.fill('Kept and longer');
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
    await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await dialog.waitFor({ state: 'detached' });

    expect(await name.inputValue()).toBe('Kept and longer');
    await page.getByText('Saved', { exact: true }).waitFor();
    const batchId = /bat_[0-9a-f]+/.exec(page.url())?.[0] ?? '';
    const saved = await answered(
      dashboard.dialwright.api.GET('/v1/batches/{batchId}', { params: { path: { batchId } } }),
    );
    expect(saved.name).toBe('Kept and longer');
    expect(faults).toEqual([]);
    await context.close();
  });

  it('shows a pause of one tab in the other within a second, with one stream for both', async () => {
    const batch = await makeBatch(dashboard.dialwright, dashboard.stack, {
      name: 'Two tabs',
      people: 60,
      limits: { concurrency: 1 },
    });
    const { page, faults, context } = await open();
    await dashboard.signIn(page);
    await page.goto(`/batches/${batch.id}`);
    await page
      .getByRole('status', { name: 'What happens' })
      .getByText(/^(Calling|All slots)/)
      .waitFor();
    const other = await context.newPage();
    const streams: string[] = [];
    other.on('request', (request) => {
      if (new URL(request.url()).pathname === '/v1/events') streams.push(request.url());
    });
    await other.goto(`/batches/${batch.id}`);
    await other.getByRole('button', { name: 'Pause' }).waitFor();
    await other.getByRole('status').getByText('Live', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Resume' }).first().waitFor();

    await other.getByRole('button', { name: 'Resume' }).first().waitFor({ timeout: 1_000 });
    expect(streams).toEqual([]);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('stays live with every list that it has shown, and shows a batch that somebody else makes', async () => {
    const { page, faults, context } = await open();
    await dashboard.signIn(page);
    for (const name of ['Live', 'Calls', 'Do not call', 'Settings', 'Batch Calls']) {
      await page.getByRole('link', { name, exact: true }).click();
      await page.getByRole('heading', { name, level: 1 }).waitFor();
    }
    await page.getByRole('link', { name: 'Calls', exact: true }).click();
    await page.getByRole('combobox', { name: 'Batch' }).click();
    await page.getByRole('listbox').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Batch Calls', exact: true }).click();
    for (const name of ['The first', 'The second']) {
      await makeBatch(dashboard.dialwright, dashboard.stack, { name, people: 1, submit: false });
      await page.getByRole('link', { name }).waitFor({ timeout: 5_000 });
    }
    await page.getByRole('status').getByText('Live', { exact: true }).waitFor();
    expect(faults).toEqual([]);
    await context.close();
  });

  it('opens pages that it has not loaded yet while only the live events are missing', async () => {
    const { page, faults, context } = await open();
    await page.route('**/v1/events', (route) => route.abort());
    await dashboard.signIn(page);
    await page.getByRole('status').getByText('Reconnecting', { exact: true }).waitFor();
    for (const name of ['Calls', 'Do not call', 'Settings']) {
      await page.getByRole('link', { name, exact: true }).click();
      await page.getByRole('heading', { name, level: 1 }).waitFor({ timeout: 5_000 });
    }
    expect(faults).toEqual([]);
    await context.close();
  });

  it('says that nobody is called when the worker is killed, and goes on by itself when there is one again', async () => {
    const batch = await makeBatch(dashboard.dialwright, dashboard.stack, { name: 'Worker', people: 30 });
    const { page, faults, context } = await open();
    await dashboard.signIn(page);
    await dashboard.stack.worker.kill();
    await page.goto('/live');
    await page.getByText(/nobody is called, nothing is lost/).waitFor();
    dashboard.stack.worker = await dashboard.stack.startWorker();
    await page.goto(`/batches/${batch.id}`);

    await page
      .getByRole('status', { name: 'What happens' })
      .getByText(/^(All were called|Completed)/)
      .waitFor();
    expect(faults).toEqual([]);
    await context.close();
  }, 120_000);
});
