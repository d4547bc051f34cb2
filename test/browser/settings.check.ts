import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { answered, createDialwright, DialwrightError } from '../../client/index.js';
import { PASSWORD, startDashboard, type DashboardStack } from './support/dashboard-stack.js';
import { forgetConfirmations } from './support/forget-confirmations.js';
import { openPage } from './support/watched-page.js';

const NUMBER = '+12025550100';
const UNWANTED = ['+12025550171', '+12025550172'] as const;

/** So much of a link, at its end, nothing else on a page has. */
const LINK_END = 20;

let dashboard: DashboardStack;

beforeAll(async () => {
  dashboard = await startDashboard();
});

afterAll(async () => dashboard.stop());

describe('what the workspace calls with', () => {
  it('puts a number out of use after it was asked once, and back', async () => {
    const { page, faults } = await signedIn('/settings/numbers');
    await page.getByRole('button', { name: `Disable ${NUMBER}` }).click();
    await page.getByRole('dialog').getByText('No running batch uses it.').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('button', { name: `Enable ${NUMBER}` }).waitFor();
    expect((await numbers()).filter(({ disabled }) => disabled).map(({ phoneNumber }) => phoneNumber)).toEqual([
      NUMBER,
    ]);
    await page.getByRole('button', { name: `Enable ${NUMBER}` }).click();
    await page.getByRole('button', { name: `Disable ${NUMBER}` }).waitFor();
    expect((await numbers()).some(({ disabled }) => disabled)).toBe(false);
    expect(faults).toEqual([]);
  });

  it('binds a number to another agent, and keeps its limits', async () => {
    const { page, faults } = await signedIn('/settings/numbers');
    await page.getByRole('button', { name: `Edit ${NUMBER}` }).click();
    const form = page.getByRole('dialog');
    await form.getByRole('combobox', { name: 'Outbound agent' }).click();
    await page.getByRole('option', { name: 'Collections' }).click();
    await form.getByLabel('Live calls at once').fill('7');
    await form.getByRole('button', { name: 'Save' }).click();
    const row = page.getByRole('row').filter({ hasText: NUMBER });
    await row.getByText('7 at once').waitFor();
    await row.getByText('Collections').waitFor();
    expect((await numbers()).find(({ phoneNumber }) => phoneNumber === NUMBER)).toMatchObject({ concurrency: 7 });
    expect(faults).toEqual([]);
  });

  it('puts an agent out of use, and says so at once', async () => {
    const { page, faults } = await signedIn('/settings/agents');
    await page.getByRole('button', { name: 'Disable Collections' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('row').filter({ hasText: 'Collections' }).getByText('Disabled').waitFor();
    const { data } = await answered(dashboard.dialwright.api.GET('/v1/agents'));
    expect(data.filter(({ disabled }) => disabled).map(({ name }) => name)).toEqual(['Collections']);
    expect(faults).toEqual([]);
  });
});

describe('who may do what', () => {
  it('asks for the password before it makes a key, shows the key once, and revokes it', async () => {
    const { page, faults } = await signedIn('/settings/keys');
    await forgetConfirmations(dashboard.stack);
    await page.getByRole('button', { name: 'Make a key' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Nightly export');
    await page.getByRole('button', { name: 'Make the key' }).click();
    const isItYou = page.getByRole('dialog', { name: 'Is it you?' });
    await isItYou.getByLabel('Your password').fill(PASSWORD);
    await isItYou.getByRole('button', { name: 'Go on' }).click();
    const key = await page.getByLabel('the key', { exact: true }).innerText();
    const { api } = createDialwright({ url: dashboard.stack.apiUrl, key });
    expect(await answered(api.GET('/v1/workspace'))).toMatchObject({ role: 'operator' });
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Revoke Nightly export' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke 1 key' }).click();
    await page.getByRole('row').filter({ hasText: 'Nightly export' }).getByText('Revoked').waitFor();
    await expect(answered(api.GET('/v1/workspace'))).rejects.toThrow(DialwrightError);
    expect(await page.getByText(key).count()).toBe(0);
    expect(faults).toEqual([]);
  });

  it('invites a person by a link that is shown once; a viewer then sees every button, disabled with the role', async () => {
    const { page, faults } = await signedIn('/settings/people');
    await page.getByRole('button', { name: 'Invite somebody' }).click();
    const form = page.getByRole('dialog');
    await form.getByRole('textbox', { name: 'Name' }).fill('José Núñez');
    await form.getByLabel('E-mail address').fill('jose@example.com');
    await form.getByRole('combobox', { name: 'Role' }).click();
    await page.getByRole('option', { name: /^Viewer/ }).click();
    await form.getByRole('button', { name: 'Invite' }).click();
    const link = await page.getByLabel('the link', { exact: true }).innerText();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('row').filter({ hasText: 'José Núñez' }).getByText('invited').waitFor();
    expect(await page.content()).not.toContain(link.slice(-LINK_END));

    const viewer = await openPage(dashboard.browser, { url: dashboard.stack.apiUrl });
    await viewer.page.goto(link);
    await viewer.page.getByLabel('Password', { exact: true }).fill('another long password of his');
    await viewer.page.getByRole('button', { name: 'Continue' }).click();
    await viewer.page.getByRole('heading', { name: 'Batch Calls', level: 1 }).waitFor();
    for (const [at, button, role] of [
      ['/settings/numbers', `Disable ${NUMBER}`, 'admin'],
      ['/settings/people', 'Invite somebody', 'admin'],
      ['/settings/keys', 'Make a key', 'admin'],
      ['/do-not-call', 'Add numbers', 'operator'],
      ['/do-not-call', 'Emergency stop', 'operator'],
    ] as const) {
      await viewer.page.goto(at);
      const shown = viewer.page.getByRole('button', { name: button });
      await shown.hover();
      await viewer.page
        .getByRole('tooltip')
        .filter({ hasText: `Needs the role ${role}. You are a viewer.` })
        .waitFor();
      expect(await shown.getAttribute('aria-disabled')).toBe('true');
    }
    expect([...faults, ...viewer.faults]).toEqual([]);
  });
});

describe('do not call', () => {
  it('takes pasted numbers, finds one without it in the address, and takes a removal back', async () => {
    const { page, faults } = await signedIn('/do-not-call');
    await page.getByRole('button', { name: 'Add numbers' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Phone numbers').fill(UNWANTED.join('\n'));
    await form.getByLabel('Where it came from').fill('Letter of 3 March');
    await form.getByRole('button', { name: 'Add 2 numbers' }).click();
    const list = page.getByRole('table', { name: 'Do not call' });
    await list.getByText(UNWANTED[1]).waitFor();
    await page.getByLabel('Search by number or reason').fill(UNWANTED[0]);
    await list.getByText(UNWANTED[1]).waitFor({ state: 'detached' });
    expect(page.url()).toMatch(/\/do-not-call$/);
    await page.getByRole('button', { name: `Remove ${UNWANTED[0]}` }).click();
    await page.getByText('No number is like this').waitFor();
    expect(await suppressed()).toEqual([UNWANTED[1]]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await list.getByText('Letter of 3 March').waitFor();
    expect((await suppressed()).sort()).toEqual([...UNWANTED]);
    expect(faults).toEqual([]);
  });
});

async function signedIn(at: string): Promise<{ page: Page; faults: string[] }> {
  const { page, faults } = await openPage(dashboard.browser, { url: dashboard.stack.apiUrl });
  await dashboard.signIn(page);
  await page.goto(at);
  return { page, faults };
}

async function numbers() {
  return (await answered(dashboard.dialwright.api.GET('/v1/phone-numbers'))).data;
}

async function suppressed(): Promise<string[]> {
  const { data } = await answered(dashboard.dialwright.api.GET('/v1/suppressions'));
  return data.map(({ phoneNumber }) => phoneNumber);
}
