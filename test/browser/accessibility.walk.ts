import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { eventually } from '../support/eventually.js';
import { seriousFaults } from './support/axe.js';
import { startDashboard, type DashboardStack } from './support/dashboard-stack.js';
import { open, SEEDED_CARRIER, seedWorkspace, type SeededWorkspace } from './support/seeded-workspace.js';
import { openPage, type WatchedPage } from './support/watched-page.js';

/** A step that takes longer has failed. */
const WAIT_MS = 20_000;
const TEST_MS = 400_000;

let dashboard: DashboardStack;
let seeded: SeededWorkspace;
let watched: WatchedPage;
let page: Page;
beforeAll(async () => {
  dashboard = await startDashboard({ carrier: SEEDED_CARRIER });
  seeded = await seedWorkspace(dashboard);
  watched = await openPage(dashboard.browser, { url: dashboard.stack.apiUrl });
  ({ page } = watched);
  page.setDefaultTimeout(WAIT_MS);
}, 150_000);
afterAll(() => dashboard?.stop());

/** Runs in the page: whether it has the dark look, and no part is on its way to another one. */
const IS_DARK = `document.documentElement.getAttribute('data-mantine-color-scheme') === 'dark' &&
  document.getAnimations().every(({ playState }) => playState !== 'running')`;

/** In both schemes: all of it in light, and its colours in dark, too. */
async function faultsOf(name: string, withTargets = true): Promise<string[]> {
  const light = await seriousFaults(page, { withTargets });
  await page.emulateMedia({ colorScheme: 'dark' });
  await eventually(async () => expect(await page.evaluate(IS_DARK)).toBe(true));
  const dark = await seriousFaults(page, { onlyColours: true });
  await page.emulateMedia({ colorScheme: 'light' });
  return [...light.map((fault) => `${name}, ${fault}`), ...dark.map((fault) => `${name}, dark, ${fault}`)];
}

const dialog = () => page.getByRole('dialog').last();
const press = (name: string | RegExp) => page.getByRole('button', { name }).first().click();

type Dialog = { name: string; at: () => string; open: () => Promise<void> };

const DIALOGS: readonly Dialog[] = [
  {
    name: 'upload: check and add',
    at: () => `/batches/${seeded.draftId}/edit?upload=${seeded.importId}`,
    open: () => dialog().getByRole('button', { name: 'Add Accepted Rows' }).waitFor(),
  },
  {
    name: 'upload: columns',
    at: () => `/batches/${seeded.draftId}/edit?upload=${seeded.importId}`,
    open: async () => {
      await dialog().getByRole('button', { name: 'Change' }).click();
      await dialog().getByLabel('Headers are in row').waitFor();
    },
  },
  {
    name: 'upload: repair',
    at: () => `/batches/${seeded.draftId}/edit?upload=${seeded.importId}`,
    open: async () => {
      await dialog()
        .getByRole('button', { name: /^Edit row/ })
        .first()
        .click();
      await dialog().getByRole('form').waitFor();
    },
  },
  {
    name: 'upload: accepted',
    at: () => `/batches/${seeded.draftId}/edit?upload=${seeded.importId}`,
    open: async () => {
      await dialog()
        .getByRole('tab', { name: /^Accepted/ })
        .click();
      await dialog().getByRole('table').first().waitFor();
    },
  },
  {
    name: 'cancel',
    at: () => `/batches/${seeded.batchId}`,
    open: () => press('Cancel'),
  },
  {
    name: 'actions',
    at: () => `/batches/${seeded.batchId}`,
    open: async () => {
      await press('More actions');
      await page.getByRole('menuitem', { name: 'Rename' }).waitFor();
    },
  },
  {
    name: 'rename',
    at: () => `/batches/${seeded.batchId}`,
    open: async () => {
      await press('More actions');
      await page.getByRole('menuitem', { name: 'Rename' }).click();
    },
  },
  { name: 'emergency stop', at: () => '/batches', open: () => press('Emergency stop') },
  {
    name: 'keys',
    at: () => '/live',
    open: async () => {
      await press(/^Account of/);
      await page.getByRole('menuitem', { name: 'Keys' }).click();
    },
  },
  { name: 'invite', at: () => '/settings/people', open: () => press('Invite somebody') },
  { name: 'make a key', at: () => '/settings/keys', open: () => press('Make a key') },
  { name: 'edit a number', at: () => '/settings/numbers', open: () => press(/^Edit \+/) },
  { name: 'add numbers', at: () => '/do-not-call', open: () => press('Add numbers') },
  { name: 'import numbers', at: () => '/do-not-call', open: () => press('Upload CSV') },
];

describe('accessibility', () => {
  it('the way in has no serious fault in either scheme', async () => {
    await page.goto('/');
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await faultsOf('sign in')).toEqual([]);
    await dashboard.signIn(page);
    expect(watched.faults).toEqual([]);
  });

  it(
    'no page has a serious fault in either scheme',
    async () => {
      const found: string[] = [];
      for (const place of seeded.places) {
        await open(page, place);
        found.push(...(await faultsOf(place.name)));
      }
      expect(found).toEqual([]);
      expect(watched.faults).toEqual([]);
    },
    TEST_MS,
  );

  it(
    'no dialog has a serious fault in either scheme',
    async () => {
      const found: string[] = [];
      for (const { name, at, open: show } of DIALOGS) {
        await page.goto(at());
        await show();
        await page.getByRole('dialog').or(page.getByRole('menu')).first().waitFor();
        // What a list scrolls under the bar of its dialog is cut, and no smaller than it is.
        found.push(...(await faultsOf(name, !name.startsWith('upload'))));
      }
      expect(found).toEqual([]);
      expect(watched.faults).toEqual([]);
    },
    TEST_MS,
  );
});
