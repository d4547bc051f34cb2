import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { createDialwright, type Dialwright } from '../../../client/index.js';
import { buildDashboard } from '../../../dev/build/dashboard.js';
import { makeDemoLink } from '../../../dev/demo/demo-admin.js';
import { startStack, type Stack, type StackOptions } from '../../../dev/stack.js';
import { launchBrowser } from './launch-browser.js';

export const PASSWORD = 'correct horse battery staple';

export type DashboardStack = {
  stack: Stack;
  browser: Browser;
  /** By the demo key: what a page says is compared with what this says. */
  dialwright: Dialwright;
  signIn(page: Page): Promise<void>;
  stop(): Promise<void>;
};

/** Everything, real, with the built dashboard and a browser. */
export async function startDashboard(options: Partial<StackOptions> = {}): Promise<DashboardStack> {
  buildDashboard();
  const dir = mkdtempSync(path.join(tmpdir(), 'dialwright-dashboard-'));
  const [stack, browser] = await Promise.all([
    startStack({ dir, carrier: { speed: 20 }, ...options }),
    launchBrowser(),
  ]);
  const dialwright = createDialwright({ url: stack.apiUrl, key: stack.apiKey });
  return {
    stack,
    browser,
    dialwright,
    async signIn(page) {
      await page.goto(await makeDemoLink(stack));
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByRole('heading', { name: 'Batch Calls', level: 1 }).waitFor();
    },
    async stop() {
      await browser.close();
      await stack.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
