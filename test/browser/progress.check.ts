import { sentenceOf, type Told } from '../../domain/shown/sentence.js';
import { answered } from '../../client/index.js';
import { eventually } from '../support/eventually.js';
import { makeBatch } from './support/batches.js';
import { startDashboard, type DashboardStack } from './support/dashboard-stack.js';
import { openPage, type WatchedPage } from './support/watched-page.js';

const WAIT_MS = 20_000;
const DAY_MS = 86_400_000;
const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
/** Open two days from now only: closed in every zone. */
const CLOSED_NOW = { [DAYS[new Date(Date.now() + 2 * DAY_MS).getUTCDay()]!]: [['10:00', '11:00']] };
const MOMENT = '§';
/** Each label on the page, and the figure of the API that it shows. */
const ATTEMPTS = [
  ['Sent', 'sent'],
  ['Picked Up', 'pickedUp'],
  ['Successful', 'successful'],
  ['Voicemail', 'voicemail'],
] as const;

let dashboard: DashboardStack;
let watched: WatchedPage;
let page: WatchedPage['page'];
beforeAll(async () => {
  dashboard = await startDashboard({
    carrier: { speed: 60, setupMs: 0, ringMs: { min: 0, max: 6_000 }, callLength: { is: 'fixed', ms: 60_000 } },
  });
  watched = await openPage(dashboard.browser, { url: dashboard.stack.apiUrl });
  ({ page } = watched);
  page.setDefaultTimeout(WAIT_MS);
  await dashboard.signIn(page);
}, 120_000);
afterAll(() => dashboard?.stop());

const make = (making: Parameters<typeof makeBatch>[2]) => makeBatch(dashboard.dialwright, dashboard.stack, making);
const paramsOf = (batchId: string) => ({ params: { path: { batchId } } });
const batchOf = (batchId: string) => answered(dashboard.dialwright.api.GET('/v1/batches/{batchId}', paramsOf(batchId)));
const sentence = () => page.getByRole('status', { name: 'What happens' });
const figure = (label: string) => page.getByRole('group', { name: label, exact: true });

/** What the page must say, no word more, by what GET /why answers now; moments are left open. */
async function saidByWhy(batchId: string): Promise<RegExp> {
  const [batch, why] = await Promise.all([
    batchOf(batchId),
    answered(dashboard.dialwright.api.GET('/v1/batches/{batchId}/why', paramsOf(batchId))),
  ]);
  const wording = { count: (value: number) => value.toLocaleString('en-GB'), moment: () => MOMENT };
  const { text, action } = sentenceOf({ ...batch, why } as Told, wording); // the same words, of a client that is not generated
  const words = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(MOMENT, '[^.]+');
  const link = action ? `\\s+${action.label}` : '';
  return new RegExp(`^${words}${link}(\\s+and \\d+ more reasons?)?$`);
}

describe('the progress of a batch', () => {
  it('adds up to all recipients at every moment, and ends with the figures of the API', async () => {
    const { id } = await make({ name: 'Adds up', people: 60, limits: { concurrency: 8 } });
    await page.goto(`/batches/${id}`);
    const bar = page.getByRole('img').first();
    const said = new Set<string>();
    await eventually(async () => {
      said.add((await bar.getAttribute('aria-label')) ?? '');
      expect(await sentence().innerText()).toMatch(/^Completed: all 60/);
    }, 45_000);
    const sums = [...said].map((text) => [...text.matchAll(/\d+/g)].reduce((all, [part]) => all + Number(part), 0));
    expect(said.size).toBeGreaterThan(5);
    expect(new Set(sums)).toEqual(new Set([60]));

    const { attempts, recipients } = (await batchOf(id)).counters;
    for (const [label, name] of ATTEMPTS)
      await figure(label).getByText(String(attempts[name]), { exact: true }).waitFor();
    await page.getByRole('button', { name: `Completed: ${recipients.COMPLETED}. Show them` }).waitFor();
    await page.getByRole('button', { name: `No answer: ${recipients.NO_ANSWER}. Show them` }).waitFor();
    await page.getByRole('button', { name: `Failed: ${recipients.FAILED}. Show them` }).waitFor();
    await page.getByText('100% settled').waitFor();
    expect(watched.faults).toEqual([]);
  }, 90_000);

  it('is said in one sentence, which is what GET /why says', async () => {
    const startAt = new Date(Date.now() + DAY_MS).toISOString();
    const { api } = dashboard.dialwright;
    const [scheduled, closed, cancelled] = await Promise.all([
      make({ name: 'Scheduled', people: 2, startAt }),
      make({ name: 'Closed', people: 2, window: CLOSED_NOW }),
      make({ name: 'Over', people: 2, startAt }),
    ]);
    await answered(api.POST('/v1/batches/{batchId}/cancel', { ...paramsOf(cancelled.id), body: {} }));
    const check = async (batchId: string, begin: RegExp): Promise<void> => {
      await page.goto(`/batches/${batchId}`);
      await eventually(async () => {
        const text = await sentence().innerText();
        expect(text).toMatch(begin);
        expect(text).toMatch(await saidByWhy(batchId));
      }, WAIT_MS);
    };
    await check(scheduled.id, /^Starts /);
    await check(cancelled.id, /^Cancelled/);
    await check(closed.id, /^Closed: no call is allowed at this hour. 2 wait until /);
    await page
      .getByRole('region', { name: 'Hours' })
      .getByText(/^Closed; opens .+ The line is now: .+ in New York\.$/)
      .waitFor();
    await sentence().getByRole('link', { name: 'Change hours' }).click();
    await page.getByRole('heading', { name: 'When Calls Can Run' }).waitFor();
    await answered(api.POST('/v1/batches/{batchId}/pause', paramsOf(closed.id)));
    await check(closed.id, /^Paused/);
    await answered(api.POST('/v1/workspace/emergency-stop', { body: {} }));
    await answered(api.POST('/v1/batches/{batchId}/resume', paramsOf(closed.id)));
    await check(closed.id, /^(All calling is stopped|Closed)/);
    await answered(api.POST('/v1/workspace/lift-emergency-stop', {}));
    expect(watched.faults).toEqual([]);
  });

  it('names who paused, and lists what else holds people back', async () => {
    const { api } = dashboard.dialwright;
    const { id } = await make({ name: 'Two reasons', people: 3, window: CLOSED_NOW });
    const { data } = await answered(api.GET('/v1/batches/{batchId}/recipients', paramsOf(id)));
    const params = { path: { recipientId: data[0]!.id } };
    const notBefore = new Date(Date.now() + 30 * DAY_MS).toISOString();
    await answered(api.PATCH('/v1/recipients/{recipientId}', { params, body: { notBefore } }));
    await page.goto(`/batches/${id}`);
    await sentence().getByRole('button', { name: 'and 1 more reason' }).click();
    await page.getByText(/^1 recipient: The recipient may not be called before this time\. Until /).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Pause' }).click();
    await sentence()
      .getByText(/^Paused by Demo admin, \d\d:\d\d.* 3 wait\./)
      .waitFor();
    expect(await page.getByRole('button', { name: /more reason/ }).count()).toBe(0);
    expect(watched.faults).toEqual([]);
  });

  it('tells how fast it goes and about when it ends once that can be known, and nothing before', async () => {
    const { id } = await make({ name: 'Pace', people: 300, limits: { concurrency: 4 } });
    await page.goto(`/batches/${id}`);
    await figure('Calls/min').getByText('not known yet').waitFor();
    await figure('Expected end').getByText('not known yet').waitFor();
    const shown = figure('Calls/min').getByText(/^about [\d.]+$/);
    await shown.waitFor({ timeout: 55_000 });
    const perMinute = Number((await shown.innerText()).replace('about ', ''));
    const [{ counters, startedAt }, usage] = await Promise.all([
      batchOf(id),
      answered(dashboard.dialwright.api.GET('/v1/workspace/usage')),
    ]);
    const minutes = (new Date(usage.at).getTime() - new Date(startedAt!).getTime()) / 60_000;
    const ended = counters.attempts.sent - counters.recipients.IN_PROGRESS;
    expect(perMinute / (ended / minutes)).toBeGreaterThan(0.8);
    expect(perMinute / (ended / minutes)).toBeLessThan(1.25);
    await sentence()
      .getByText(new RegExp(`about ${perMinute} a minute, until about `))
      .waitFor();
    await figure('Expected end')
      .getByText(/^about /)
      .waitFor();
    await answered(
      dashboard.dialwright.api.POST('/v1/batches/{batchId}/cancel', { ...paramsOf(id), body: { hangUp: true } }),
    );
    await figure('Calls/min').waitFor({ state: 'detached' });
    expect(watched.faults).toEqual([]);
  }, 90_000);

  it('tells that number or agent was disabled, leads to where that is changed, and goes on afterwards', async () => {
    const { fromNumberId: phoneNumberId, agentId } = dashboard.stack;
    const { api } = dashboard.dialwright;
    const { id } = await make({ name: 'Disabled', people: 200, limits: { concurrency: 1 } });
    const setNumber = (disabled: boolean) =>
      answered(
        api.PATCH('/v1/phone-numbers/{phoneNumberId}', { params: { path: { phoneNumberId } }, body: { disabled } }),
      );
    const setAgent = (disabled: boolean) =>
      answered(api.PATCH('/v1/agents/{agentId}', { params: { path: { agentId } }, body: { disabled } }));
    await page.goto(`/batches/${id}`);
    const goesOn = () =>
      sentence()
        .getByText(/^(Calling|All slots)/)
        .waitFor();
    await goesOn();
    await setNumber(true);
    await sentence()
      .getByText(/^Its from-number was disabled\. Enable it, then resume\. \d+ wait\./)
      .waitFor();
    expect(await sentence().getByRole('link', { name: 'Enable' }).getAttribute('href')).toBe('/settings/numbers');
    await setNumber(false);
    await sentence().getByRole('button', { name: 'Resume' }).click();
    await goesOn();
    await setAgent(true);
    await sentence()
      .getByText(/^Its agent was disabled\. Enable it, then resume\. \d+ wait\./)
      .waitFor();
    await sentence().getByRole('link', { name: 'Enable' }).click();
    await page.waitForURL(/\/settings\/agents$/);
    await setAgent(false);
    await page.goBack();
    await sentence().getByRole('button', { name: 'Resume' }).click();
    await goesOn();
    await answered(api.POST('/v1/batches/{batchId}/cancel', { ...paramsOf(id), body: { hangUp: true } }));
    expect(watched.faults).toEqual([]);
  });
});
