import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { answered } from '../../client/index.js';
import { eventually } from '../support/eventually.js';
import { startDashboard, type DashboardStack } from './support/dashboard-stack.js';
import { openPage } from './support/watched-page.js';

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
const ALWAYS = Object.fromEntries(DAYS.map((day) => [day, [['00:00', '24:00']]]));
const [ANSWERS, IS_BUSY, TALKS_ON] = ['+12025550111', '+12025550112', '+12025550113'] as const;
const HOUR_MS = 3_600_000;

/** Chooses two outcomes and opens a call with nothing drawn in between: promises are settled, no task has run. */
const QUICK_CLICKS = `(async () => {
  const settled = async () => { for (let turn = 0; turn < 20; turn += 1) await null; };
  for (const outcome of ['BUSY', 'ANSWERED']) {
    document.querySelector('[aria-label=Outcome] input[value=' + outcome + ']').click();
    await settled();
  }
  document.querySelector('[role=table] a[href*="call="]').click();
})()`;

let dashboard: DashboardStack;

beforeAll(async () => {
  const numbers = {
    [ANSWERS]: { outcome: 'ANSWERED', callLengthMs: 2_000 },
    [IS_BUSY]: { outcome: 'BUSY' },
    [TALKS_ON]: { outcome: 'ANSWERED', ringMs: 100, callLengthMs: HOUR_MS },
  } as const;
  dashboard = await startDashboard({ carrier: { speed: 20, numbers } });
  await callPeople('Reminders', [ANSWERS, IS_BUSY]);
  await eventually(async () => expect((await callsTo(ANSWERS)).map(({ state }) => state)).toEqual(['ENDED']), 30_000);
  await eventually(async () => {
    const [call] = await callsTo(ANSWERS);
    const { transcript } = await answered(
      dashboard.dialwright.api.GET('/v1/calls/{callId}', { params: { path: { callId: call?.id ?? '' } } }),
    );
    expect(transcript).not.toEqual([]);
  });
});

afterAll(async () => dashboard.stop());

describe('calls', () => {
  it('opens a call from its address, and lets its transcript be read', async () => {
    const { page, faults } = await signedIn();
    const [call] = await callsTo(ANSWERS);
    await page.goto(`/calls?call=${call?.id}`);
    const drawer = page.getByRole('dialog', { name: /^Call to/ });
    await drawer.getByRole('list', { name: 'Transcript' }).getByText('Hello, is this a good time?').waitFor();
    const phases = await drawer.getByRole('list', { name: 'Phases of the call' }).getByRole('listitem').allInnerTexts();
    expect(phases.map((text) => text.split('\n')[0])).toEqual([
      ...['Claimed', 'Sent', 'Accepted', 'Ringing', 'Talking', 'Ended', 'Result received', 'Analysed'],
    ]);
    await drawer.getByRole('button', { name: 'Close' }).click();
    await drawer.waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('');
    expect(faults).toEqual([]);
  });

  it('lists the calls that the API lists, keeps the filter in the address, and no number', async () => {
    const { page, faults } = await signedIn();
    await page.goto('/calls');
    const list = page.getByRole('table', { name: 'Calls' });
    await list.getByRole('link', { name: IS_BUSY }).first().waitFor();
    const { data } = await answered(dashboard.dialwright.api.GET('/v1/calls', {}));
    expect(await list.getByRole('link', { name: /^\+/ }).allInnerTexts()).toEqual(
      data.map(({ phoneNumber }) => phoneNumber),
    );
    await page.getByRole('group', { name: 'Outcome' }).getByText(/^Busy/).click();
    await list.getByRole('link', { name: ANSWERS }).first().waitFor({ state: 'detached' });
    await page.reload();
    await list.getByRole('link', { name: IS_BUSY }).waitFor();
    expect(await list.getByRole('link', { name: /^\+/ }).allInnerTexts()).toEqual([IS_BUSY]);
    expect(new URL(page.url()).search).toBe('?outcome=BUSY');
    await list.getByRole('link', { name: IS_BUSY }).click();
    await page.getByRole('dialog').waitFor();
    expect(page.url()).not.toContain(IS_BUSY.slice(1));
    await page.goBack();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
  });

  it('keeps what was chosen one after the other before the page was drawn', async () => {
    const { page, faults } = await signedIn();
    await page.goto('/calls');
    await page.getByRole('table', { name: 'Calls' }).getByRole('link', { name: IS_BUSY }).first().waitFor();
    await page.evaluate(QUICK_CLICKS);
    await page.getByRole('dialog', { name: /^Call to/ }).waitFor();
    const { searchParams } = new URL(page.url());
    expect(searchParams.getAll('outcome').sort()).toEqual(['ANSWERED', 'BUSY']);
    expect(searchParams.get('call')).toMatch(/^att_/);
    expect(faults).toEqual([]);
  });

  it('downloads the calls that are shown as CSV', async () => {
    const { page, faults } = await signedIn();
    await page.goto('/calls?outcome=BUSY');
    await page.getByRole('table', { name: 'Calls' }).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download CSV' }).click(),
    ]);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    expect(text).toContain(IS_BUSY);
    expect(text).not.toContain(ANSWERS);
    expect(faults).toEqual([]);
  });
});

describe('what happens now', () => {
  it('masks the number of a live call until it is asked for, and hangs the call up', async () => {
    await callPeople('Long ones', [TALKS_ON]);
    const { page, faults } = await signedIn();
    await page.goto('/live');
    const list = page.getByRole('table', { name: 'Live calls' });
    await list.getByRole('link', { name: '+12•••••••13' }).waitFor();
    await page.getByText('1 of 20 in use').waitFor();
    expect(await page.content()).not.toContain(TALKS_ON.slice(1));
    await page.getByLabel('Show numbers').click();
    await list.getByRole('button', { name: `Hang up on ${TALKS_ON}` }).click();
    const asked = page.getByRole('dialog', { name: `Hang up the live call to ${TALKS_ON}?` });
    await asked.getByRole('button', { name: 'Hang up' }).click();
    await page.getByText('No call is live').waitFor();
    await eventually(async () => expect((await callsTo(TALKS_ON)).map(({ state }) => state)).toEqual(['ENDED']));
    expect(faults).toEqual([]);
  });

  it('stops all calling from the header of any page, tells everybody why, and starts it again', async () => {
    const { page, faults } = await signedIn();
    await page.goto('/do-not-call');
    await page.getByRole('button', { name: 'Emergency stop' }).click();
    const asked = page.getByRole('dialog', { name: /^Stop all calling in/ });
    await asked.getByLabel('Reason').fill('Wrong list');
    await asked.getByRole('button', { name: 'Stop all calling' }).click();
    const bar = page.getByRole('alert').filter({ hasText: 'All calling is stopped' });
    await bar.waitFor();
    expect((await workspace()).stoppedAt).not.toBeNull();
    await page.reload();
    await bar.getByText(/^Demo admin stopped it .+: Wrong list\. No call starts/).waitFor();
    await bar.getByRole('button', { name: 'Start calling again' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Start calling again' }).click();
    await bar.waitFor({ state: 'detached' });
    expect((await workspace()).stoppedAt).toBeNull();
    expect(faults).toEqual([]);
  });
});

async function signedIn(): Promise<{ page: Page; faults: string[] }> {
  const { page, faults } = await openPage(dashboard.browser, { url: dashboard.stack.apiUrl });
  await dashboard.signIn(page);
  return { page, faults };
}

async function callPeople(name: string, phoneNumbers: readonly string[]): Promise<void> {
  const { fromNumberId, agentId } = dashboard.stack;
  const recipients = phoneNumbers.map((phoneNumber) => ({ phoneNumber }));
  const body = {
    name,
    fromNumberId,
    agentId,
    timeZone: 'UTC',
    window: ALWAYS,
    purpose: null,
    recipients,
    submit: true,
  };
  await answered(dashboard.dialwright.api.POST('/v1/batches', { body: body as never })); // the window is built, not typed
}

/** Without what a slow machine gives back before anything was sent. */
async function callsTo(phoneNumber: string) {
  const { data } = await answered(dashboard.dialwright.api.GET('/v1/calls', {}));
  return data.filter((call) => call.phoneNumber === phoneNumber && call.state !== 'RELEASED');
}

async function workspace() {
  return answered(dashboard.dialwright.api.GET('/v1/workspace'));
}
