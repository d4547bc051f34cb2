import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { makeDemoLink } from '../../dev/demo/demo-admin.js';
import { eventually } from '../support/eventually.js';
import { seriousFaults } from './support/axe.js';
import { makeBatch } from './support/batches.js';
import { PASSWORD, startDashboard, type DashboardStack } from './support/dashboard-stack.js';
import { openPage, type WatchedPage } from './support/watched-page.js';

const WAIT_MS = 20_000;
const FOCUS_MS = 3_000;
/** No page has more places to go through before what is looked for. */
const TABS_MAX = 160;

let dashboard: DashboardStack;
let watched: WatchedPage;
let page: Page;
beforeAll(async () => {
  dashboard = await startDashboard({ carrier: { speed: 5 } });
}, 120_000);
afterAll(() => dashboard?.stop());

/** Runs in the page: what is wrong with the place of the focus, in a word; null: nothing. */
const FOCUS_FAULT = `(() => {
  const at = document.activeElement;
  if (at === document.body || at.id === 'main') return null;
  const marks = [at, at.nextElementSibling, at.parentElement].filter(Boolean).map((each) => getComputedStyle(each));
  const frames = [at, at.parentElement, at.parentElement.parentElement].map((each) => getComputedStyle(each));
  const isText = at.matches('input, textarea, select') && frames.some((look) => look.borderTopWidth !== '0px');
  const isMarked = isText || marks.some((look) => look.outlineStyle !== 'none' && look.outlineWidth !== '0px');
  if (!isMarked) return 'no mark: ' + at.outerHTML.slice(0, 160);
  const box = at.getBoundingClientRect();
  const isSeen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return isSeen ? null : 'out of sight: ' + at.outerHTML.slice(0, 160);
})()`;

/** Runs in the page: what has the focus, and what lies on top. */
const KEYS_ARE_OF = `[document.activeElement, ...document.querySelectorAll('[role=dialog], [role=menu], [role=listbox]')]
  .map((each) => [each.getClientRects().length, each.outerHTML.slice(0, 160)])`;

/** Of the page, in which the tests have no types. */
declare const document: { activeElement: unknown };

const hasFocus = (locator: Locator): Promise<boolean> =>
  locator.evaluateAll((all: readonly unknown[]) => all.includes(document.activeElement));

/** The focus comes with the next drawing of the page. */
const focusIsOn = (locator: Locator) => eventually(async () => expect(await hasFocus(locator)).toBe(true), FOCUS_MS);

/** Goes on by Tab until it is there. The focus is seen at each place on the way. */
async function tabTo(locator: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await locator.first().waitFor();
  for (let presses = 0; presses < TABS_MAX; presses++) {
    if (await hasFocus(locator)) return;
    await page.keyboard.press(key);
    await eventually(async () => expect(await page.evaluate(FOCUS_FAULT)).toBeNull(), FOCUS_MS);
  }
  throw new Error(`not reached by keyboard: ${String(locator)}`);
}

/** What can be reached and not used yet, such as the pause of a batch that is about to start, is waited for. */
async function pressOn(locator: Locator, key = 'Enter'): Promise<void> {
  await tabTo(locator);
  await eventually(async () => expect(await locator.first().isEnabled()).toBe(true), WAIT_MS);
  await page.keyboard.press(key);
}

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });

describe('by keyboard alone', () => {
  beforeAll(async () => {
    watched = await openPage(dashboard.browser, { url: dashboard.stack.apiUrl });
    ({ page } = watched);
    page.setDefaultTimeout(WAIT_MS);
  });

  it('a person signs in, creates a batch of a file, pauses it, resumes it, and reads about a recipient', async () => {
    await page.goto(await makeDemoLink(dashboard.stack));
    await tabTo(page.getByLabel('Password', { exact: true }));
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Batch Calls', level: 1 }).waitFor();

    await pressOn(page.getByRole('link', { name: 'Create Batch Call' }));
    const name = page.getByRole('textbox', { name: 'Batch Call Name' });
    await tabTo(name);
    await page.keyboard.type('By keys');
    await page.getByText('Saved', { exact: true }).waitFor();
    await tabTo(button('Upload CSV'));
    await page
      .getByLabel('File of recipients')
      .setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: readFileSync('examples/recipients.csv') });
    await pressOn(page.getByRole('dialog').getByRole('button', { name: 'Add Accepted Rows' }));
    await page.getByText('You have added 298 recipients').waitFor();
    await focusIsOn(button('Upload Another CSV'));
    await tabTo(page.getByRole('radio', { name: 'Selling' }));
    await page.keyboard.press('ArrowDown');
    expect(await page.getByRole('radio', { name: 'Information' }).isChecked()).toBe(true);
    await page.getByText('Calls start at once.').waitFor();
    await pressOn(button('Create Batch Call'));
    await page.getByRole('heading', { name: 'By keys', level: 1, exact: true }).waitFor();

    await pressOn(button('Pause'));
    await button('Resume').first().waitFor();
    await pressOn(button('Resume').first());
    await button('Pause').waitFor();
    await pressOn(button('Cancel'));
    await page.getByRole('dialog').waitFor();
    await focusIsOn(button('Keep calling'));
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await focusIsOn(button('Cancel'));

    await tabTo(page.getByRole('tab', { name: 'Overview' }));
    await page.keyboard.press('ArrowRight');
    const first = page.getByRole('table', { name: 'Recipients' }).getByRole('button', { name: /^\+/ }).first();
    await tabTo(first);
    const number = await first.innerText();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('heading', { name: number }).waitFor();
    await focusIsOn(page.getByRole('dialog').getByRole('button', { name: 'Close' }));
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await focusIsOn(button(number));
    expect(watched.faults).toEqual([]);
  }, 120_000);
});

describe('keys', () => {
  beforeAll(async () => {
    watched = await openPage(dashboard.browser, { url: dashboard.stack.apiUrl });
    ({ page } = watched);
    page.setDefaultTimeout(WAIT_MS);
    await dashboard.signIn(page);
    await makeBatch(dashboard.dialwright, dashboard.stack, { name: 'Listed', people: 1, submit: false });
  });
  beforeEach(async () => {
    await page.goto('/batches');
    await page.getByRole('link', { name: 'Listed' }).waitFor();
  });

  const heading = (name: string) => page.getByRole('heading', { name, level: 1 });
  /** Who does not arrive is told what had the keys. */
  const arriveAt = (name: string) =>
    heading(name)
      .waitFor()
      .catch(async (cause: unknown) => {
        throw new Error(`at ${page.url()} in place of "${name}": ${JSON.stringify(await page.evaluate(KEYS_ARE_OF))}`, {
          cause,
        });
      });
  const list = () => page.getByRole('dialog', { name: 'Keys' });

  it('lead to every page, and each is in the list that ? and the menu of the person open', async () => {
    for (const [key, name] of [
      ['l', 'Live'],
      ['c', 'Calls'],
      ['d', 'Do not call'],
      ['s', 'Settings'],
      ['b', 'Batch Calls'],
    ] as const) {
      // Neither waits for an answer of the page, as fingers do not: the second has to come soon after the first.
      await Promise.all([page.keyboard.press('g'), page.keyboard.press(key)]);
      await arriveAt(name);
    }
    await page.keyboard.press('/');
    await focusIsOn(page.getByRole('textbox', { name: 'Search by name or id' }));
    await page.keyboard.press('Tab');
    await page.keyboard.press('?');
    await list().waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    const rows = await list().getByRole('row').allInnerTexts();
    expect(rows.map((text) => text.replace(/\s+/g, ' '))).toEqual(
      expect.arrayContaining(['g then b Go to Batch Calls', 'n Create a batch call', '/ Search on this page']),
    );
    await page.keyboard.press('Escape');
    await list().waitFor({ state: 'detached' });
    await tabTo(button(/^Account of/), 'Shift+Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Keys' }).focus();
    await page.keyboard.press('Enter');
    await list().waitFor();
    await page.keyboard.press('Escape');
    await list().waitFor({ state: 'detached' });
    await focusIsOn(button(/^Account of/));
    await page.getByRole('menu').waitFor({ state: 'hidden' });
    await page.keyboard.press('n');
    await arriveAt('Create Batch Call');
    expect(watched.faults).toEqual([]);
  });

  it('do nothing while something is typed, and none at all when they are switched off', async () => {
    const search = page.getByRole('textbox', { name: 'Search by name or id' });
    await search.focus();
    await page.keyboard.type('gl n?/');
    expect(await search.inputValue()).toBe('gl n?/');
    expect(new URL(page.url()).pathname).toBe('/batches');
    expect(await list().count()).toBe(0);

    await page.keyboard.press('Tab');
    await page.keyboard.press('?');
    await tabTo(list().getByRole('switch', { name: 'Single keys do something' }));
    await page.keyboard.press('Space');
    await page.keyboard.press('Escape');
    await list().waitFor({ state: 'detached' });
    await page.keyboard.press('n');
    await page.keyboard.press('?');
    expect([new URL(page.url()).pathname, await list().count()]).toEqual(['/batches', 0]);
    expect(watched.faults).toEqual([]);
  });
});
