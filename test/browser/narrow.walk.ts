import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startDashboard, type DashboardStack } from './support/dashboard-stack.js';
import { open, SEEDED_CARRIER, seedWorkspace, type SeededWorkspace } from './support/seeded-workspace.js';
import { openPage } from './support/watched-page.js';

const WAIT_MS = 20_000;
const TEST_MS = 120_000;

let dashboard: DashboardStack;
let seeded: SeededWorkspace;
beforeAll(async () => {
  dashboard = await startDashboard({ carrier: SEEDED_CARRIER });
  seeded = await seedWorkspace(dashboard);
}, 150_000);
afterAll(() => dashboard?.stop());

async function signedIn(view: { width: number; height?: number; scale?: number }) {
  const watched = await openPage(dashboard.browser, { url: dashboard.stack.apiUrl, ...view });
  watched.page.setDefaultTimeout(WAIT_MS);
  await dashboard.signIn(watched.page);
  return watched;
}

/** Runs in the page: how far it is wider than its window, and what sticks out. */
const SIDEWAYS = `(() => {
  const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (over <= 0) return null;
  const out = [...document.querySelectorAll('#main *')].filter((each) => each.getBoundingClientRect().right > innerWidth + 1);
  return over + ' px: ' + out.slice(0, 2).map((each) => each.outerHTML.slice(0, 160)).join(' … ');
})()`;

/** Runs in the page: animations that can be seen. Less motion was asked for: each has its end as soon as it begins. */
const MOVING = `document.getAnimations()
  .filter(({ playState, effect }) => playState === 'running' && effect.getComputedTiming().activeDuration > 1)
  .map((each) => (each.animationName ?? each.transitionProperty ?? 'animation'))`;

/** Runs in the page: main buttons that a thumb does not meet. */
const SMALL_BUTTONS = `[...document.querySelectorAll('header button, #main button.mantine-Button-root, #main a.mantine-Button-root')]
  .filter((each) => each.getClientRects().length > 0)
  .filter((each) => each.getBoundingClientRect().height < 43.5)
  .map((each) => each.outerHTML.slice(0, 160))`;

/** Runs in the page: a table whose rows are no cards, which means that its heads are seen. */
const WIDE_TABLES = `[...document.querySelectorAll('[role=table]')]
  .filter((each) => (each.querySelector('[role=columnheader]')?.parentElement.parentElement.getBoundingClientRect().width ?? 0) > 2)
  .map((each) => each.getAttribute('aria-label'))`;

async function foundOn(page: Page, checks: Record<string, string>): Promise<string[]> {
  const found: string[] = [];
  for (const place of seeded.places) {
    await open(page, place);
    for (const [what, check] of Object.entries(checks)) {
      const answer = await page.evaluate<unknown>(check);
      if (answer !== null && !(Array.isArray(answer) && answer.length === 0))
        found.push(`${place.name}, ${what}: ${JSON.stringify(answer)}`);
    }
  }
  return found;
}

describe('a narrow page', () => {
  it(
    'of 360 pixels never scrolls sideways, has cards for lists and room for a thumb, and does not move on its own',
    async () => {
      const { page, faults, context } = await signedIn({ width: 360, height: 720 });
      const checks = { sideways: SIDEWAYS, 'no cards': WIDE_TABLES, small: SMALL_BUTTONS, moving: MOVING };
      expect(await foundOn(page, checks)).toEqual([]);
      expect(faults).toEqual([]);
      await context.close();
    },
    TEST_MS,
  );

  it(
    'at 200 % of zoom never scrolls sideways',
    async () => {
      const { page, faults, context } = await signedIn({ width: 640, height: 360, scale: 2 });
      expect(await foundOn(page, { sideways: SIDEWAYS })).toEqual([]);
      expect(faults).toEqual([]);
      await context.close();
    },
    TEST_MS,
  );

  it('shows the dialogs of an upload and of a confirmation whole', async () => {
    const { page, faults, context } = await signedIn({ width: 360, height: 720 });
    await page.goto(`/batches/${seeded.draftId}/edit?upload=${seeded.importId}`);
    await page.getByRole('dialog').getByRole('button', { name: 'Add Accepted Rows' }).waitFor();
    expect(await page.evaluate(SIDEWAYS)).toBeNull();
    await page.goto(`/batches/${seeded.batchId}`);
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Keep calling' }).waitFor();
    expect(await page.evaluate(SIDEWAYS)).toBeNull();
    expect(faults).toEqual([]);
    await context.close();
  });
});

/** Names of things outside, and shortenings that people know. */
const KNOWN = /\b(CSV|API|ID|IDs|E\.164|SIP|URL|UTC|HTTP|HTTPS|JSON|TOTP|UTF|POST|GET|PATCH|DELETE)\b/g;

describe('words', () => {
  it(
    'of no page are those of the API, or of a program that has lost something',
    async () => {
      const { page, faults, context } = await signedIn({ width: 1280 });
      const found: string[] = [];
      for (const place of seeded.places) {
        await open(page, place);
        const text = (await page.locator('body').innerText()).replace(KNOWN, '');
        const odd = text.match(/\b[A-Z]{2,}(?:_[A-Z]+)+\b|\b[A-Z]{4,}\b|\b(?:undefined|null|NaN)\b|\[object/g) ?? [];
        if (odd.length > 0) found.push(`${place.name}: ${[...new Set(odd)].join(', ')}`);
      }
      expect(found).toEqual([]);
      expect(faults).toEqual([]);
      await context.close();
    },
    TEST_MS,
  );
});
