import type { Browser, BrowserContext, Page } from 'playwright-core';
import { createDialwright } from '../../client/index.js';
import { makeDemoLink } from '../../dev/demo/demo-admin.js';
import { launchBrowser } from '../../test/browser/support/launch-browser.js';
import type { BenchStack } from '../bench-stack.js';

const PASSWORD = 'a sentence of this bench';
const WIDE = { width: 1280, height: 720 };

/** Runs work in a real Chromium where the demo admin is signed in. */
export async function withPage<T>(
  { stack }: BenchStack,
  work: (page: Page, context: BrowserContext, browser: Browser) => Promise<T>,
): Promise<T> {
  const browser = await launchBrowser();
  try {
    const context = await browser.newContext({ baseURL: stack.apiUrl, viewport: WIDE, locale: 'en-GB' });
    const page = await context.newPage();
    await page.goto(await makeDemoLink(stack));
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'Batch Calls', level: 1 }).waitFor();
    return await work(page, context, browser);
  } finally {
    await browser.close();
  }
}

export const apiOf = ({ stack }: BenchStack) => createDialwright({ url: stack.apiUrl, key: stack.apiKey }).api;
