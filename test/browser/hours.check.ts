import { openDraftPage, type DraftPage } from './support/draft-page.js';

const OFFICE_HOURS = 'Set Monday to Friday, 09:00-18:00';

describe('When calls can run', () => {
  let draft: DraftPage;
  let page: DraftPage['page'];

  beforeAll(async () => {
    draft = await openDraftPage();
    ({ page } = draft);
  });

  afterAll(() => draft?.dashboard.stop());

  const day = (name: string) => page.getByRole('group', { name, exact: true });

  const track = (name: string) => page.getByRole('img', { name: new RegExp(`^${name}:`) });

  async function chooseZone(place: string): Promise<void> {
    const zone = page.getByRole('combobox', { name: 'Time zone' });
    await zone.click();
    await zone.fill(place);
    await page.getByRole('option', { name: new RegExp(`^${place} `) }).waitFor();
    await zone.press('ArrowDown');
    await zone.press('Enter');
  }

  /** From one hour of a day to another, with the mouse. `isEnded`: by Escape. */
  async function drag(name: string, from: number, until: number, { isEnded = false } = {}): Promise<void> {
    const { width, height } = (await track(name).boundingBox()) ?? { width: 0, height: 0 };
    // It waits until the page is still.
    const go = (hour: number) => track(name).hover({ position: { x: (width * hour) / 24, y: height / 2 } });
    await go(from);
    await page.mouse.down();
    await go(until);
    if (isEnded) await page.keyboard.press('Escape');
    await page.mouse.up();
  }

  it('starts at the wall time that was entered, in the zone that was chosen', async () => {
    const batchId = await draft.begin('From Tokyo');
    await page.getByText('Schedule', { exact: true }).click();
    await chooseZone('Tokyo');
    await page.getByLabel(/^Date/).fill('2027-01-15');
    await page.getByLabel(/^Time\b(?! zone)/).fill('09:30');
    await draft.saved();
    await page.getByText(/= Fri,? 15 Jan.*01:30 for you \(Madrid\)/).waitFor();
    const { startAt, startLocal, timeZone } = await draft.batchOf(batchId);
    expect({ startAt: new Date(startAt ?? 0).toISOString(), startLocal, timeZone }).toEqual({
      startAt: '2027-01-15T00:30:00.000Z',
      startLocal: expect.stringMatching(/^2027-01-15T09:30/),
      timeZone: 'Asia/Tokyo',
    });
    expect(draft.faults).toEqual([]);
  });

  it('keeps two stretches of a day, and hours over midnight, as they were entered', async () => {
    const batchId = await draft.begin('Split');
    await page.getByRole('button', { name: OFFICE_HOURS }).click();
    await page.getByLabel('Monday until').fill('13:00');
    await page.getByRole('button', { name: 'Add hours on Monday' }).click();
    await page.getByLabel('Monday 2 until').fill('17:30');
    await page.getByLabel('Monday 2 from').fill('14:15');
    await page.getByLabel('Friday from').fill('20:00');
    await page.getByLabel('Friday until').fill('02:00');
    await day('Friday').getByText('until Saturday 02:00, belongs to Friday').waitFor();
    await page.getByRole('button', { name: 'Copy to weekdays, from Tuesday' }).waitFor();
    await page.getByRole('button', { name: 'Remove Tuesday 09:00-18:00' }).click();
    await day('Tuesday').getByText('Closed').waitFor();
    await draft.saved();
    const { window } = await draft.batchOf(batchId);
    expect(window?.monday).toEqual([
      ['09:00', '13:00'],
      ['14:15', '17:30'],
    ]);
    expect(window?.friday).toEqual([['20:00', '02:00']]);
    expect([window?.tuesday ?? [], window?.saturday ?? []]).toEqual([[], []]);
    await page.reload();
    await day('Friday').getByText('until Saturday 02:00, belongs to Friday').waitFor();
    expect(await page.getByLabel('Monday 2 from').inputValue()).toBe('14:15');
    expect(draft.faults).toEqual([]);
  });

  it('reads the hours by each person’s own clock, and asks what becomes of unknown zones', async () => {
    const batchId = await draft.begin('Their clock');
    await page.getByRole('radio', { name: 'Each person’s own' }).check();
    const unknown = page.getByRole('radiogroup', { name: 'People whose time zone is unknown' });
    await unknown.getByRole('radio', { name: /^Use the clock of/ }).check();
    await draft.saved();
    const { hoursIn, unknownZone } = await draft.batchOf(batchId);
    expect({ hoursIn, unknownZone }).toEqual({ hoursIn: 'recipient', unknownZone: 'batch' });
    await page.getByRole('radio', { name: /^One clock/ }).check();
    await unknown.waitFor({ state: 'detached' });
    await draft.saved();
    expect((await draft.batchOf(batchId)).hoursIn).toBe('batch');
    expect(draft.faults).toEqual([]);
  });

  it('takes days off and the holidays of a country, and says which are next', async () => {
    const batchId = await draft.begin('Days off');
    await page.getByLabel('A day off').fill('2027-03-01');
    await page.getByRole('button', { name: 'Add day' }).click();
    await page.getByRole('button', { name: 'Add holidays of a country' }).click();
    await page.getByRole('combobox', { name: 'Holidays of a country' }).fill('Spain');
    await page.getByRole('option', { name: 'Spain', exact: true }).click();
    await page.getByText(/^Next: .+, .+, .+/).waitFor();
    await draft.saved();
    const { blackoutDates, holidays } = await draft.batchOf(batchId);
    expect(blackoutDates).toEqual(['2027-03-01']);
    expect(holidays.map(({ country }) => country)).toEqual(['ES']);
    await page.getByRole('button', { name: 'Remove 1 Mar 2027' }).click();
    await draft.saved();
    expect((await draft.batchOf(batchId)).blackoutDates).toEqual([]);
    expect(draft.faults).toEqual([]);
  });

  it('adds, changes and moves hours that are dragged, in quarters of an hour', async () => {
    const batchId = await draft.begin('Dragged');
    await page.getByRole('button', { name: OFFICE_HOURS }).click();
    await drag('Saturday', 10.05, 12.2);
    await drag('Monday', 17.9, 19.5);
    await drag('Tuesday', 12, 13.5);
    await drag('Wednesday', 20.1, 21.9);
    await drag('Thursday', 6, 12, { isEnded: true });
    expect(await page.getByLabel('Saturday until').inputValue()).toBe('12:15');
    await draft.saved();
    const { window } = await draft.batchOf(batchId);
    expect(window).toEqual({
      monday: [['09:00', '19:30']],
      tuesday: [['10:30', '19:30']],
      wednesday: [
        ['09:00', '18:00'],
        ['20:00', '22:00'],
      ],
      thursday: [['09:00', '18:00']],
      friday: [['09:00', '18:00']],
      saturday: [['10:00', '12:15']],
    });
    expect(draft.faults).toEqual([]);
  });

  it('shows hours over midnight on the day after, where their end can be dragged', async () => {
    const batchId = await draft.begin('Night');
    await page.getByRole('button', { name: OFFICE_HOURS }).click();
    await page.getByLabel('Friday from').fill('20:00');
    await page.getByLabel('Friday until').fill('02:00');
    await track('Saturday').getByTitle('until Sat 02:00, belongs to Friday').waitFor();
    await drag('Saturday', 1.9, 3.5);
    await day('Friday').getByText('until Saturday 03:30, belongs to Friday').waitFor();
    await draft.saved();
    expect((await draft.batchOf(batchId)).window?.friday).toEqual([['20:00', '03:30']]);
    expect(draft.faults).toEqual([]);
  });

  it('lists the days alone on a narrow page, which is not moved sideways', async () => {
    await draft.begin('Narrow');
    await page.getByRole('group', { name: 'The week' }).waitFor();
    await page.setViewportSize({ width: 360, height: 720 });
    await page.getByRole('group', { name: 'The week' }).waitFor({ state: 'detached' });
    await page.getByLabel('Monday from').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    await page.setViewportSize({ width: 1280, height: 720 });
    expect(draft.faults).toEqual([]);
  });

  it('shows when it is open in the next seven days, and on which day the clocks change', async () => {
    await draft.begin('Look ahead');
    await page.getByRole('button', { name: OFFICE_HOURS }).click();
    await chooseZone('Madrid');
    const open = page.getByRole('status', { name: 'Open next' });
    await open.getByText(/^Open 45 h in the next 7 days\. (Next: .+ to .+|Open now, until .+)\.$/).waitFor();
    const days = page.getByRole('list', { name: 'When it is open, by day' }).getByRole('listitem');
    expect(await days.count()).toBe(7);
    expect(await days.filter({ hasText: 'closed' }).count()).toBe(2);
    await page.getByText('Schedule', { exact: true }).click();
    await page.getByLabel(/^Date/).fill('2027-03-25');
    await page.getByLabel(/^Time\b(?! zone)/).fill('07:00');
    await open.getByText(/^Open 45 h in the 7 days from .*25 Mar.*07:00 on\. Next: .*09:00 to .*18:00\.$/).waitFor();
    await page.getByText('Sun 28: clocks change, 1 h less.').waitFor();
    expect(draft.faults).toEqual([]);
  });

  it('keeps the end, the last retry, costly numbers, note and labels', async () => {
    const batchId = await draft.begin('Limits');
    await chooseZone('Madrid');
    await page.getByRole('checkbox', { name: 'Calls end at a date' }).check();
    await page.getByLabel('End date').fill('2027-02-01');
    await page.getByLabel('End time').fill('12:30');
    await page.getByRole('button', { name: 'Change limits, attempts and success' }).click();
    await page.getByRole('textbox', { name: 'Calls to one person, at most' }).fill('3');
    await draft.saved();
    await page.getByRole('checkbox', { name: 'No call again after a date' }).check();
    await page.getByLabel('Last retry date').fill('2027-01-31');
    await page.getByLabel('Last retry time').fill('18:00');
    await page.getByRole('checkbox', { name: 'Allow numbers that cost more' }).check();
    await page.getByRole('textbox', { name: 'Note' }).fill('Asked for by Ana');
    await page.getByLabel('Key of the label').fill('team');
    await page.getByLabel('Value of the label').fill('sales');
    await page.getByRole('button', { name: 'Add label' }).click();
    await draft.saved();
    const batch = await draft.batchOf(batchId);
    expect(new Date(batch.endAt ?? 0).toISOString()).toBe('2027-02-01T11:30:00.000Z');
    expect(new Date(batch.retryPolicy.notAfter ?? 0).toISOString()).toBe('2027-01-31T17:00:00.000Z');
    expect(batch.retryPolicy.maxAttempts).toBe(3);
    expect(Object.keys(batch.retryPolicy.outcomes)).toContain('NO_ANSWER');
    expect(batch).toMatchObject({ allowCostlyNumbers: true, note: 'Asked for by Ana', labels: { team: 'sales' } });
    await page.getByRole('button', { name: 'Remove label team' }).click();
    await page.getByRole('checkbox', { name: 'Calls end at a date' }).uncheck();
    await draft.saved();
    expect(await draft.batchOf(batchId)).toMatchObject({ labels: {}, endAt: null });
    expect(draft.faults).toEqual([]);
  });

  it('says beside the field what the API refuses, and keeps it out of what is saved', async () => {
    const batchId = await draft.begin('Refused');
    await chooseZone('Madrid');
    await page.getByRole('button', { name: OFFICE_HOURS }).click();
    await draft.saved();
    await page.getByRole('checkbox', { name: 'Calls end at a date' }).check();
    await page.getByLabel('End date').fill('2020-01-01');
    const end = page.locator('#field-end');
    await end.getByText(/2020-01-01.+ is in the past; choose a later time/).waitFor();
    expect((await draft.batchOf(batchId)).endLocal).toBeNull();
    await page.getByRole('button', { name: 'Mend what was not saved' }).waitFor();
    await page.getByLabel('End date').fill('2027-02-01');
    await draft.saved();
    expect((await draft.batchOf(batchId)).endLocal).toMatch(/^2027-02-01/);
    expect(draft.faults).toEqual([]);
  });

  it('lifts the lawful hours for a reason that is said, shows who did it, and applies them again', async () => {
    const batchId = await draft.begin('Lawful');
    await page.getByRole('radio', { name: 'Selling' }).check();
    await page.getByRole('button', { name: 'Lift the lawful hours…' }).click();
    const asked = draft.dialog();
    await asked.getByRole('button', { name: 'Lift the lawful hours' }).click();
    await asked.getByText('Say why.').waitFor();
    await asked.getByLabel('Reason').fill('They asked for it');
    await asked.getByRole('button', { name: 'Lift the lawful hours' }).click();
    await draft.saved();
    expect((await draft.batchOf(batchId)).lawfulOverride?.reason).toBe('They asked for it');
    const lifted = page.getByRole('note').filter({ hasText: 'The lawful hours are lifted' });
    await lifted.getByText(/^By Demo admin, .+: They asked for it$/).waitFor();
    await lifted.getByRole('button', { name: 'Apply them again' }).click();
    await draft.saved();
    expect((await draft.batchOf(batchId)).lawfulOverride).toBeNull();
    expect(draft.faults).toEqual([]);
  });
});
