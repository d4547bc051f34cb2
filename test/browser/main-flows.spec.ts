import { statSync } from 'node:fs';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { answered } from '../../client/index.js';
import { dashboardDir } from '../../dev/build/dashboard-dir.js';
import { openDatabase } from '../../store/database.js';
import { makeBatch } from './support/batches.js';
import { PASSWORD, startDashboard, type DashboardStack } from './support/dashboard-stack.js';
import { openPage, type WatchedPage } from './support/watched-page.js';

/** A call of a minute takes six seconds: long enough to look at. */
const CARRIER = { speed: 10 };

let dashboard: DashboardStack;
let watched: WatchedPage;
let page: Page;
beforeAll(async () => {
  dashboard = await startDashboard({ carrier: CARRIER });
  watched = await openPage(dashboard.browser, { url: dashboard.stack.apiUrl });
  ({ page } = watched);
}, 120_000);
afterAll(async () => {
  await dashboard?.stop();
});
afterEach(() => {
  expect(watched.faults).toEqual([]);
});

const make = (making: Parameters<typeof makeBatch>[2]) => makeBatch(dashboard.dialwright, dashboard.stack, making);
const sentence = () => page.getByRole('status', { name: 'What happens' });

async function seriousProblems(): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`);
}

describe('the dashboard', () => {
  it('lets a person in by the link that npm start prints, and tells an empty workspace what to do', async () => {
    await dashboard.signIn(page);

    await page.getByRole('heading', { name: 'No batch yet' }).waitFor();
    expect(await seriousProblems()).toEqual([]);
  });

  it('serves its page under a policy with a nonce of its own, and leaves what is no page to the API', async () => {
    const { apiUrl } = dashboard.stack;
    const open = (at: string, accept: string) => fetch(`${apiUrl}${at}`, { headers: { Accept: accept } });
    const answers = await Promise.all([open('/batches', 'text/html'), open('/batches', 'text/html')]);
    const nonces = answers.map(
      ({ headers }) => /'nonce-([^']+)'/.exec(headers.get('content-security-policy') ?? '')?.[1],
    );
    expect(nonces[0]).toMatch(/^\S{20,}$/);
    expect(nonces[0]).not.toBe(nonces[1]);
    expect(await answers[0]?.text()).toContain(`nonce="${nonces[0]}"`);
    expect(answers[0]?.headers.get('content-security-policy')).not.toContain('unsafe');

    expect((await open('/batches', 'application/json')).status).toBe(404);
    expect((await open('/v1/nothing', 'text/html')).headers.get('content-type')).toContain('application/problem+json');
    expect((await open('/assets/../index.html', 'text/html')).headers.get('content-security-policy')).toContain(
      'nonce-',
    );
  });

  it('loads less than 250 kB before the list of batches is there, gzipped', async () => {
    const context = await dashboard.browser.newContext({
      baseURL: dashboard.stack.apiUrl,
      storageState: await watched.context.storageState(),
    });
    const fresh = await context.newPage();
    const files = new Set<string>();
    fresh.on('response', (res) => files.add(new URL(res.url()).pathname));
    await fresh.goto('/batches');
    await fresh.getByRole('heading', { name: 'No batch yet' }).waitFor();
    const assets = [...files].filter((file) => file.startsWith('/assets/'));
    const bytes = assets.reduce((sum, file) => sum + statSync(path.join(dashboardDir, `${file}.gz`)).size, 0);
    await context.close();

    expect(assets.length).toBeGreaterThan(3);
    expect(bytes).toBeLessThan(250_000);
  });

  it('lets nobody in by a wrong password, and says so', async () => {
    const other = await openPage(dashboard.browser, { url: dashboard.stack.apiUrl });
    await other.page.goto('/batches');
    await other.page.getByLabel('E-mail address').fill('demo@dialwright.localhost');
    await other.page.getByLabel('Password', { exact: true }).fill('not the password');
    await other.page.getByRole('button', { name: 'Sign in' }).click();
    await other.page.getByRole('alert').waitFor();
    expect(await other.page.getByRole('alert').innerText()).toMatch(/wrong/);

    await other.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await other.page.getByRole('button', { name: 'Sign in' }).click();
    await other.page.getByRole('heading', { name: 'Batch Calls', level: 1 }).waitFor();
    expect(other.faults).toEqual([]);
    await other.context.close();
  });

  it('shows a batch that another client makes, and follows it until its end: what it says is what the API says', async () => {
    const made = await make({ name: 'Followed', people: 6 });
    await page.getByRole('link', { name: 'Followed' }).click();
    await page.getByRole('heading', { name: 'Followed' }).waitFor();
    await sentence()
      .getByText(/^Completed: all 6/)
      .waitFor({ timeout: 45_000 });

    const { counters } = await answered(
      dashboard.dialwright.api.GET('/v1/batches/{batchId}', { params: { path: { batchId: made.id } } }),
    );
    for (const [label, count] of [
      ['Sent', counters.attempts.sent],
      ['Picked Up', counters.attempts.pickedUp],
      ['Successful', counters.attempts.successful],
      ['Voicemail', counters.attempts.voicemail],
    ] as const)
      await page.getByRole('group', { name: label }).getByText(String(count), { exact: true }).waitFor();
    expect(await page.getByText('100% settled').count()).toBe(1);
    const parts = await page.getByRole('img').first().getAttribute('aria-label');
    const sum = [...(parts ?? '').matchAll(/\d+/g)].reduce((all, [figure]) => all + Number(figure), 0);
    expect(sum).toBe(counters.recipients.total);
  });

  it('has no serious fault of accessibility on the page of a batch, light and dark', async () => {
    await page.getByRole('heading', { name: 'Calls over time' }).waitFor();
    expect(await seriousProblems()).toEqual([]);

    await page.emulateMedia({ colorScheme: 'dark' });
    await page.getByRole('tab', { name: 'Recipients' }).click();
    await page.getByRole('table', { name: 'Recipients' }).waitFor();
    expect(await seriousProblems()).toEqual([]);
    await page.emulateMedia({ colorScheme: 'light' });
  });

  it('finds a recipient by a part of its number, and never writes it into the address', async () => {
    await page.getByRole('textbox', { name: 'Search by phone or name' }).fill('5550103');
    await page.getByRole('button', { name: '+12025550103' }).waitFor();
    await page.getByRole('button', { name: '+12025550101' }).waitFor({ state: 'detached' });

    expect(page.url()).not.toContain('5550103');
  });

  it('opens a recipient by its own address, with each of its calls', async () => {
    await page.getByRole('button', { name: '+12025550103' }).click();
    await page.getByRole('heading', { name: '+12025550103' }).waitFor();
    await page.reload();

    await page.getByRole('heading', { name: '+12025550103' }).waitFor();
    expect(await page.getByRole('heading', { name: /^Attempt 1 of 1/ }).count()).toBe(1);
    expect(await page.getByRole('table', { name: 'Variables' }).innerText()).toContain('London');
  });

  it('pauses and resumes a batch, and says who did it', async () => {
    const made = await make({ name: 'Paused once', people: 40, limits: { concurrency: 1 } });
    await page.goto(`/batches/${made.id}`);
    await page.getByRole('button', { name: 'Pause' }).click();
    await sentence()
      .getByText(/^Paused by Demo admin, /)
      .waitFor();
    expect(await sentence().innerText()).toMatch(/\d+ wait/);
    await page.getByRole('button', { name: 'Resume', exact: true }).first().click();

    await sentence()
      .getByText(/^(Calling|All slots)/)
      .waitFor();
  });

  it('counts what a cancel will change, asks once, and cancels', async () => {
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/^Cancel \d+ calls not yet made\?$/).waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Keep calling');
    await dialog.getByRole('button', { name: /^Cancel \d+ calls$/ }).click();

    await sentence()
      .getByText(/^Cancelled/)
      .waitFor();
  });

  it('says why an action is not possible, to a pointer and to the keyboard', async () => {
    const pause = page.getByRole('button', { name: 'Pause' });
    expect(await pause.getAttribute('aria-disabled')).toBe('true');
    await pause.hover();
    await page
      .getByRole('tooltip')
      .getByText('The batch is cancelled. That is possible while it is in progress.')
      .waitFor();
    await page.mouse.move(0, 0);
    await page.getByRole('tooltip').waitFor({ state: 'detached' });
    await page.keyboard.press('Tab');
    await pause.focus();

    await page
      .getByRole('tooltip')
      .getByText('The batch is cancelled. That is possible while it is in progress.')
      .waitFor();
  });

  it('calls those again who were not reached, after it has said how many', async () => {
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Call again' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/^Call \d+ people again\?$/).waitFor();
    await dialog.getByRole('button', { name: /^Call \d+ people again$/ }).click();

    await sentence()
      .getByText(/^(About to call again|Calling|All slots)/)
      .waitFor();
  });

  it('removes those who are chosen as a job, and says exactly what it did', async () => {
    await page.getByRole('tab', { name: 'Recipients' }).click();
    await page.getByRole('textbox', { name: 'Search by phone or name' }).fill('5550139');
    await page.getByRole('checkbox', { name: 'Choose +12025550139' }).check();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('button', { name: 'Remove: 1 recipient' }).click();

    await page.getByRole('status', { name: 'Job' }).getByText('Remove: 1 done.').waitFor();
  });

  it('stops all calling from any page, shows it everywhere, and lifts it', async () => {
    await page.getByRole('button', { name: 'Emergency stop' }).click();
    await page.getByRole('button', { name: 'Stop all calling' }).click();
    await page.getByText('All calling is stopped', { exact: true }).waitFor();
    await page.goto('/batches');
    await page.getByRole('button', { name: 'Start calling again' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Start calling again' }).click();

    await page.getByText('All calling is stopped', { exact: true }).waitFor({ state: 'detached' });
  });

  it('shows a viewer every button, disabled with the role that it needs', async () => {
    await changeRole('viewer');
    await page.goto('/batches');
    const create = page.getByRole('button', { name: 'Create Batch Call' });
    await create.focus();

    expect(await create.getAttribute('aria-disabled')).toBe('true');
    await page.getByRole('tooltip').getByText('Needs the role operator. You are a viewer.').waitFor();
  });
});

/** By hand in the database: a workspace keeps its last admin. */
async function changeRole(role: string): Promise<void> {
  const db = openDatabase({ url: dashboard.stack.databaseUrl, connectionsMax: 1 });
  try {
    await db.pool.query('UPDATE members SET role = $1', [role]);
  } finally {
    await db.close();
  }
}
