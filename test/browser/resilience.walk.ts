import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { makeDemoLink } from '../../dev/demo/demo-admin.js';
import { publicId } from '../../domain/ids.js';
import { openDatabase } from '../../store/database.js';
import { eventually } from '../support/eventually.js';
import { addWorkspace } from '../support/add-workspace.js';
import { makeBatch } from './support/batches.js';
import { PASSWORD, startDashboard, type DashboardStack } from './support/dashboard-stack.js';
import { csv } from './support/draft-page.js';
import { openLine, type Line } from './support/line.js';
import { openPage, type WatchedPage } from './support/watched-page.js';

const WAIT_MS = 15_000;
/** The first recipient of each batch: a call to it is over soon. */
const IS_BUSY = '+12025550100';

let dashboard: DashboardStack;
beforeAll(async () => {
  dashboard = await startDashboard({ carrier: { speed: 2, numbers: { [IS_BUSY]: { outcome: 'BUSY', ringMs: 500 } } } });
}, 120_000);
afterAll(() => dashboard?.stop());

async function open(): Promise<WatchedPage> {
  const watched = await openPage(dashboard.browser, { url: dashboard.stack.apiUrl });
  watched.page.setDefaultTimeout(WAIT_MS);
  return watched;
}

/** As when another tab, or another program, comes to the front. */
async function look(page: Page, state: 'hidden' | 'visible'): Promise<void> {
  await page.evaluate(`(() => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => '${state}' });
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${state === 'hidden'} });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  })()`);
}

const titleIs = (page: Page, title: RegExp) =>
  eventually(async () => expect(await page.title()).toMatch(title), WAIT_MS);
const make = (name: string, people: number, limits?: { concurrency: number }) =>
  makeBatch(dashboard.dialwright, dashboard.stack, { name, people, ...(limits && { limits }) });
const draft = (name: string) => makeBatch(dashboard.dialwright, dashboard.stack, { name, people: 1, submit: false });

describe('while the API does not answer', () => {
  it('figures stay and say when they were counted, one notice is shown, and what was typed is saved when it answers', async () => {
    const { page, faults, context } = await open();
    await dashboard.signIn(page);
    const batch = await make('Kept', 8, { concurrency: 1 });
    await page.goto(`/batches/${batch.id}`);
    const sent = page.getByRole('group', { name: 'Sent' });
    await sent.getByText(/^[1-9]$/).waitFor();
    await page.goto('/batches/new');
    const name = page.getByRole('textbox', { name: 'Batch Call Name' });
    await name.fill('Typed');
    await page.getByText('Saved', { exact: true }).waitFor();
    const listed = await context.newPage();
    listed.setDefaultTimeout(WAIT_MS);
    await listed.goto(`/batches/${batch.id}`);
    await listed.getByRole('group', { name: 'Sent' }).waitFor();
    for (const each of [page, listed]) await each.getByRole('status').getByText('Live', { exact: true }).waitFor();

    await dashboard.stack.api.kill();
    for (const each of [page, listed])
      await each
        .getByRole('status')
        .getByText(/^Counted \d\d:\d\d, reconnecting$/)
        .waitFor();
    await name.fill('Typed while it was away');
    await page.getByText('Not saved', { exact: true }).waitFor();
    // Code that was never loaded is waited for, and the page stays.
    await listed.getByRole('tab', { name: 'Recipients' }).click();
    await listed.getByRole('tabpanel').getByLabel('Loading').waitFor();
    await listed.getByRole('tab', { name: 'Activity' }).click();
    await listed.getByRole('tab', { name: 'Overview' }).click();
    await listed.getByRole('tab', { name: 'Settings' }).click();
    expect(await listed.getByRole('group', { name: 'Sent' }).count()).toBe(1);
    expect(await page.getByText(/reconnecting/).count()).toBe(1);
    expect(await page.getByRole('alert').count()).toBe(0);

    dashboard.stack.api = await dashboard.stack.startApi();
    for (const each of [page, listed])
      await each.getByRole('status').getByText('Live', { exact: true }).waitFor({ timeout: 45_000 });
    await listed.getByRole('tabpanel', { name: 'Settings' }).getByRole('heading').first().waitFor();
    await page.getByText('Saved', { exact: true }).waitFor();
    expect(await name.inputValue()).toBe('Typed while it was away');
    expect(faults.filter((fault) => !/ERR_|Failed to fetch/.test(fault))).toEqual([]);
    await context.close();
  }, 120_000);
});

describe('a line on which nothing goes through any more', () => {
  let line: Line;
  afterEach(() => line?.stop());

  it('ends an upload after half a minute, which Retry sends again', async () => {
    line = await openLine(dashboard.stack.apiUrl);
    const { page, faults, context } = await openPage(dashboard.browser, { url: line.url });
    page.setDefaultTimeout(WAIT_MS);
    const first = await open();
    await dashboard.signIn(first.page);
    await context.addCookies(await first.context.cookies());
    const { id } = await draft('Stalled');
    await page.goto(`/batches/${id}/edit`);
    // More than the buffers of the sockets take: 20 MB.
    const rows = `+12025550111,${'x'.repeat(187)}\n`.repeat(100_000);
    const file = csv(`phone_number,note\n${rows}`, 'stalled.csv');
    line.stallAfter(file.buffer.length * 0.6);
    const choosing = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Upload Another CSV' }).click();
    await (await choosing).setFiles(file);
    const there = page.getByRole('dialog');
    await there.getByRole('alert').getByText('The connection was lost').waitFor({ timeout: 45_000 });
    line.goOn();
    await there.getByRole('button', { name: 'Retry' }).click();
    await there.getByText('100,000 rows will be added.').waitFor({ timeout: 60_000 });
    expect(faults).toEqual([]);
    await Promise.all([context.close(), first.context.close()]);
  }, 120_000);
});

describe('whose page it is', () => {
  it('a person whose session has ended signs in at the address that they wanted to see', async () => {
    const { page, faults, context } = await open();
    await dashboard.signIn(page);
    await page.evaluate("fetch('/v1/session', { method: 'DELETE' })");
    await page.goto('/calls?outcome=BUSY');
    await page.getByLabel('E-mail address').fill('demo@dialwright.localhost');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Calls', level: 1 }).waitFor();
    const { pathname, search } = new URL(page.url());
    expect(pathname + search).toBe('/calls?outcome=BUSY');
    expect(faults).toEqual([]);
    await context.close();
  });

  it('two tabs never show two workspaces: the one follows when the other goes to another', async () => {
    const second = await addWorkspace(dashboard, { name: 'Second house', phone: '+12025550190' });
    const workspaceId = publicId('workspace', second.stack.workspaceId);
    await makeDemoLink({ ...second.stack, workspaceId }); // makes the person a member of it
    await acceptAll();
    const { page, faults, context } = await open();
    await dashboard.signIn(page);
    const other = await context.newPage();
    other.setDefaultTimeout(WAIT_MS);
    await other.goto('/do-not-call');
    await other.getByRole('status').getByText('Live', { exact: true }).waitFor();
    await page.getByRole('button', { name: /^Account of/ }).click();
    await page.getByRole('menuitem', { name: 'Second house' }).click();
    for (const each of [page, other]) {
      await each.getByRole('banner').getByText('Second house').waitFor();
      await each.getByRole('heading', { name: 'No batch yet' }).waitFor();
    }
    expect(faults).toEqual([]);
    await context.close();
  });
});

/** By hand in the database, as if each had opened the link of the invitation. */
async function acceptAll(): Promise<void> {
  const db = openDatabase({ url: dashboard.stack.databaseUrl, connectionsMax: 1 });
  try {
    await db.pool.query('UPDATE members SET accepted_at = now() WHERE accepted_at IS NULL');
  } finally {
    await db.close();
  }
}

/** Runs before the page: notices are kept in the page instead of shown. */
const KEEP_NOTICES = `(() => {
  window.notices = [];
  window.Notification = class {
    static permission = 'default';
    static requestPermission = async () => (this.permission = 'granted');
    constructor(title, { body }) { window.notices.push(title + ': ' + body); }
    close() {}
  };
})()`;

describe('while the tab is hidden', () => {
  it('its title says how many calls are live, and no more when it is seen', async () => {
    const { page, faults, context } = await open();
    await dashboard.signIn(page);
    const batch = await make('Reminders', 30, { concurrency: 2 });
    await page.goto(`/batches/${batch.id}`);
    await titleIs(page, /^Reminders · Dialwright$/);
    await look(page, 'hidden');
    await titleIs(page, /^[12] live: Reminders$/);
    await look(page, 'visible');
    await titleIs(page, /^Reminders · Dialwright$/);
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await page.getByRole('checkbox', { name: /^Hang/ }).check();
    await page.getByRole('button', { name: /^Cancel \d+ calls?$/ }).click();
    await look(page, 'hidden');
    await titleIs(page, /^Reminders · Dialwright$/);
    expect(faults).toEqual([]);
    await context.close();
  }, 90_000);

  it('a notice tells of the end of a batch, once the person has switched that on and sees no other tab', async () => {
    const { page, faults, context } = await open();
    await page.addInitScript({ content: KEEP_NOTICES });
    await dashboard.signIn(page);
    await page.goto('/settings/account');
    const toggle = page.getByRole('switch', { name: 'Tell me when a batch ends, or pauses by itself' });
    expect(await toggle.isChecked()).toBe(false);
    await toggle.check();
    await page.evaluate("Notification.permission = 'granted'");
    await page.getByRole('status').getByText('Live', { exact: true }).waitFor();
    await look(page, 'hidden');
    const other = await context.newPage();
    other.setDefaultTimeout(WAIT_MS);
    await other.goto('/batches');
    await other.getByRole('status').getByText('Live', { exact: true }).waitFor();
    const seen = await make('Seen', 1);
    await other.goto(`/batches/${seen.id}`);
    await other.getByText(/^Completed: all 1/).waitFor({ timeout: 60_000 });
    // Events come in order: who is told of this one was told of the end before it.
    await other.getByRole('link', { name: 'Batch Calls' }).first().click();
    await other.getByRole('link', { name: 'Seen' }).waitFor();
    await other.getByRole('status').getByText('Live', { exact: true }).waitFor();
    await draft('Told later');
    await other.getByRole('link', { name: 'Told later' }).waitFor();
    expect(await page.evaluate('window.notices')).toEqual([]);
    await other.close();
    await make('Noticed', 1);
    const notices = () => page.evaluate<string[]>('window.notices');
    await eventually(async () => expect(await notices()).not.toEqual([]), 60_000);
    expect(await notices()).toEqual(['Noticed: Completed: 1 recipient, 0 picked up.']);
    expect(faults).toEqual([]);
    await context.close();
  }, 90_000);
});
