import type { Locator, Page } from 'playwright-core';
import { answered, type components } from '../../../client/index.js';
import { startDashboard, type DashboardStack } from './dashboard-stack.js';
import { openPage, type WatchedPage } from './watched-page.js';
import type { StackOptions } from '../../../dev/stack.js';

type ChosenFile = { name: string; mimeType: string; buffer: Buffer };
type Batch = components['schemas']['Batch'];

/** No step of a page takes longer: a test that fails does so soon. */
const WAIT_MS = 20_000;

/** The page on which a draft is made, as a person uses it. */
export type DraftPage = WatchedPage & {
  dashboard: DashboardStack;
  /** A draft with a name. @returns its id */
  begin(name: string): Promise<string>;
  upload(...files: Parameters<Locator['setInputFiles']>): Promise<void>;
  /** All that was entered is kept by the server. */
  saved(): Promise<void>;
  /** What the server has of a draft. */
  batchOf(batchId: string): Promise<Batch>;
  dialog(): Locator;
  /** "Accepted", "Rejected" or "Duplicates", with its figure. */
  card(label: string): Locator;
};

export async function openDraftPage(options: Partial<StackOptions> = {}): Promise<DraftPage> {
  const dashboard = await startDashboard(options);
  const watched = await openPage(dashboard.browser, { url: dashboard.stack.apiUrl });
  const { page } = watched;
  page.setDefaultTimeout(WAIT_MS);
  await dashboard.signIn(page);
  const dialog = (): Locator => page.getByRole('dialog');
  return {
    ...watched,
    dashboard,
    dialog,
    begin: (name) => begin(page, name),
    async upload(...files) {
      const choosing = page.waitForEvent('filechooser');
      await page.getByRole('button', { name: /^Upload (Another )?CSV$/ }).click();
      await (await choosing).setFiles(...files);
    },
    saved: () => page.getByText('Saved', { exact: true }).waitFor(),
    batchOf: (batchId) =>
      answered(dashboard.dialwright.api.GET('/v1/batches/{batchId}', { params: { path: { batchId } } })),
    card: (label) => dialog().getByRole('group', { name: label, exact: true }),
  };
}

export function csv(text: string, name = 'people.csv'): ChosenFile {
  return { name, mimeType: 'text/csv', buffer: Buffer.from(text) };
}

async function begin(page: Page, name: string): Promise<string> {
  await page.goto('/batches/new');
  await page.getByRole('textbox', { name: 'Batch Call Name' }).fill(name);
  await page.waitForURL(/\/batches\/bat_[0-9a-f]+\/edit$/);
  await page.getByText('Saved', { exact: true }).waitFor();
  return /bat_[0-9a-f]+/.exec(page.url())?.[0] ?? '';
}
