import type { Browser, BrowserContext, Page } from 'playwright-core';

export type WatchedPage = {
  page: Page;
  context: BrowserContext;
  /** What no page may ever do; a test ends with `expect(faults).toEqual([])`. */
  faults: string[];
};

/** Runs in the page: what its policy has stopped becomes an error of the console. */
const REPORT_POLICY = `document.addEventListener('securitypolicyviolation', (event) =>
  console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI));`;

type Viewing = {
  url: string;
  width?: number;
  height?: number;
  scheme?: 'light' | 'dark';
  /** Pixels of the screen to one of the page: 2 with half the width is a zoom of 200 %. */
  scale?: number;
};

/** A page that is watched: errors of its console, reports of its policy, and requests to any other host are faults. */
export async function openPage(browser: Browser, viewing: Viewing): Promise<WatchedPage> {
  const { url, width = 1280, height = 720, scheme = 'light', scale = 1 } = viewing;
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width, height },
    deviceScaleFactor: scale,
    colorScheme: scheme,
    locale: 'en-GB',
    timezoneId: 'Europe/Madrid',
    reducedMotion: 'reduce',
  });
  const faults: string[] = [];
  const page = await context.newPage();
  const { host } = new URL(url);
  page.on('console', (message) => {
    // Chromium writes one for each refused request; what a page makes of those is looked at by the tests.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) faults.push(message.text());
  });
  page.on('pageerror', (err) => faults.push(String(err)));
  page.on('request', (request) => {
    const to = new URL(request.url());
    if (to.protocol.startsWith('http') && to.host !== host) faults.push(`a request to ${to.host}`);
  });
  await page.addInitScript({ content: REPORT_POLICY });
  return { page, context, faults };
}
