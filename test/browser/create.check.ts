import { answered } from '../../client/index.js';
import { csv, openDraftPage, type DraftPage } from './support/draft-page.js';

const FILE = 'examples/recipients.csv';
const OPEN_FILE = 'phone_number,name,city\n+12025550111,Ana,Madrid\n202555,Ben,Oslo\n12a,Cleo,Rome\n';

const TWO_CLICKS = `(() => {
  const create = [...document.querySelectorAll('button')].find(({ textContent }) => textContent === 'Create Batch Call');
  create.click();
  create.click();
})()`;

/** So many that their zones are not all found while the choice of a purpose is answered. */
const MANY = 8_000;

const CHOOSE_AND_CREATE = `(() => {
  const purposes = [...document.querySelectorAll('input[type=radio]')];
  purposes.find(({ labels }) => labels[0]?.textContent === 'Information').click();
  [...document.querySelectorAll('button')].find(({ textContent }) => textContent === 'Create Batch Call').click();
})()`;

describe('Create Batch Call', () => {
  let draft: DraftPage;
  let page: DraftPage['page'];

  beforeAll(async () => {
    draft = await openDraftPage();
    ({ page } = draft);
  });

  afterAll(() => draft?.dashboard.stop());

  const dialog = () => draft.dialog();
  const card = (label: string) => draft.card(label);

  it('brings a file from its upload over a repair and an undone fix to a batch that calls', async () => {
    const batchId = await draft.begin('Reminders');
    await draft.upload(FILE);
    await card('Accepted').getByText('298').waitFor();
    await card('Rejected').getByText('25').waitFor();

    await dialog().getByRole('button', { name: '3 numbers have no country code' }).click();
    await dialog().getByRole('combobox', { name: 'They are from' }).click();
    await page.getByRole('option', { name: 'Spain' }).click();
    const preview = dialog().getByRole('group', { name: 'Preview' });
    await preview.getByText('+34612345699').waitFor();
    await preview.getByRole('button', { name: 'Fix 3' }).click();
    const fix = dialog().getByRole('status', { name: 'Last fix' });
    await fix.getByText(/accepted/).waitFor();
    await fix.getByRole('button', { name: 'Undo' }).click();
    await fix.waitFor({ state: 'detached' });
    await card('Accepted').getByText('298').waitFor();

    await dialog().getByRole('button', { name: 'All rejected rows' }).click();
    await dialog().getByRole('button', { name: 'Edit row 101' }).click();
    const editor = dialog().getByRole('form', { name: 'Edit row 101' });
    await editor.getByRole('textbox', { name: 'Phone number' }).fill('+12025550199');
    await editor.getByRole('button', { name: 'Save', exact: true }).click();
    await card('Accepted').getByText('299').waitFor();
    await card('Rejected').getByText('24').waitFor();
    await dialog().getByText('299 rows will be added, 24 rejected rows will not be added.').waitFor();
    await dialog().getByRole('button', { name: 'Add Accepted Rows' }).click();
    await page.getByText('You have added 299 recipients').waitFor();

    await page.getByRole('radio', { name: 'Information' }).check();
    await page.getByText('Calls start at once.').waitFor();
    await page.getByRole('button', { name: 'Create Batch Call' }).click();
    await page.waitForURL(new RegExp(`/batches/${batchId}$`));
    await page.getByRole('heading', { name: 'Reminders', level: 1 }).waitFor();
    const batch = await draft.batchOf(batchId);
    expect(batch.status).not.toBe('DRAFT');
    expect(batch.counters.recipients.total).toBe(299);
    expect(batch.purpose).toBe('informational');
    expect(draft.faults).toEqual([]);
  });

  it('loses nothing of a draft when the page is loaded again', async () => {
    const batchId = await draft.begin('Kept');
    await page.getByRole('textbox', { name: 'Batch Call Name' }).fill('Kept for ever');
    await page.getByLabel('Monday from').fill('10:30');
    await page.getByRole('radio', { name: 'Selling' }).check();
    await page.reload();
    await page.getByRole('heading', { name: 'Draft: Kept for ever' }).waitFor();
    expect(await page.getByRole('textbox', { name: 'Batch Call Name' }).inputValue()).toBe('Kept for ever');
    expect(await page.getByLabel('Monday from').inputValue()).toBe('10:30');
    expect(await page.getByRole('radio', { name: 'Selling' }).isChecked()).toBe(true);
    const batch = await draft.batchOf(batchId);
    expect(batch.window?.monday?.[0]?.[0]).toBe('10:30');
    expect(draft.faults).toEqual([]);
  });

  it('says in the dialog why a file cannot be read, and takes one whose phone column is chosen', async () => {
    await draft.begin('Wrong files');
    await draft.upload(csv(''));
    await dialog()
      .getByRole('alert')
      .getByText(/is empty/)
      .waitFor();
    await dialog().getByRole('button', { name: 'Dismiss' }).click();
    await draft.upload({
      name: 'people.xlsx',
      mimeType: 'application/zip',
      buffer: Buffer.from('PK\u0003\u0004spreadsheet'),
    });
    await dialog()
      .getByRole('alert')
      .getByText(/'people\.xlsx' is .+ Save it as CSV/)
      .waitFor();
    await dialog().getByRole('button', { name: 'Dismiss' }).click();
    await draft.upload(csv('a,b\n+12025550111,+12025550122\n+12025550112,+12025550123\n'));
    await dialog()
      .getByRole('alert')
      .getByText(/no phone_number column/)
      .waitFor();
    await dialog().getByRole('combobox', { name: 'Use b as' }).selectOption('Phone number');
    await dialog().getByRole('button', { name: 'Read the file again' }).click();
    await card('Accepted').getByText('2').waitFor();
    await page.keyboard.press('Escape');
    await draft.upload(csv('phone_number\n12a\n'));
    await dialog().getByRole('button', { name: 'Add Accepted Rows', disabled: true }).hover();
    await page.getByRole('tooltip').getByText('Fix at least one row').waitFor();
    expect(draft.faults).toEqual([]);
  });

  it('saves a repaired row only when all of it is right, and goes to the next by keys alone', async () => {
    await draft.begin('Repairs');
    await draft.upload(csv(OPEN_FILE));
    await dialog().getByRole('button', { name: 'Edit row 2' }).click();
    const phone = dialog().getByRole('textbox', { name: 'Phone number' });
    const save = dialog().getByRole('button', { name: 'Save', exact: true });
    await dialog().getByRole('form', { name: 'Edit row 2' }).waitFor();
    expect(await save.isDisabled()).toBe(true);
    await phone.fill('+1202555');
    await dialog()
      .getByText(/is not a valid number/)
      .first()
      .waitFor();
    expect(await save.isDisabled()).toBe(true);
    await phone.fill('+12025550122');
    await save.and(page.getByRole('button', { disabled: false })).waitFor();
    await page.keyboard.press('Control+Enter');
    await dialog().getByRole('form', { name: 'Edit row 3' }).waitFor();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('+12025550133');
    await page.keyboard.press('Enter');
    await card('Accepted').getByText('3').waitFor();
    await dialog().getByText('No row is rejected').waitFor();
    expect(draft.faults).toEqual([]);
  });

  it('keeps an upload whose dialog was closed, and creates one batch on a double click', async () => {
    const batchId = await draft.begin('Only one');
    await draft.upload(csv('phone_number,name\n+12025550111,Ana\n'));
    await card('Accepted').getByText('1').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('waits: 1 accepted, 0 rejected').waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Add or discard people.csv' }).click();
    await dialog().getByRole('button', { name: 'Add Accepted Rows' }).click();
    await page.getByText('You have added 1 recipient', { exact: true }).waitFor();
    await page.getByRole('radio', { name: 'Neither' }).check();
    await page.getByRole('heading', { name: 'Ready' }).waitFor();
    let submits = 0;
    page.on('request', (request) => void (submits += Number(request.url().endsWith(`/${batchId}/submit`))));
    // Nothing is drawn between the two, as on a busy machine.
    await page.evaluate(TWO_CLICKS);
    await page.waitForURL(new RegExp(`/batches/${batchId}$`));
    expect(submits).toBe(1);
    const { data } = await answered(
      draft.dashboard.dialwright.api.GET('/v1/batches', { params: { query: { search: 'Only one' } } }),
    );
    expect(data.map(({ id }) => id)).toEqual([batchId]);
    expect(draft.faults).toEqual([]);
  });

  it('creates a batch whose time zones are still being found, once they are', async () => {
    const batchId = await draft.begin('Many zones');
    const numbers = Array.from({ length: MANY }, (_, index) => `+1202555${String(index).padStart(4, '0')}\n`);
    await draft.upload(csv(`phone_number\n${numbers.join('')}`));
    await dialog().getByRole('button', { name: 'Add Accepted Rows' }).click();
    await page.getByText('You have added 8,000 recipients', { exact: true }).waitFor();
    await page.getByRole('radio', { name: 'Neither' }).check();
    await page.getByRole('heading', { name: 'Ready' }).waitFor();
    await page.getByText(/people are called/).waitFor();
    await page.evaluate(CHOOSE_AND_CREATE);
    await page.waitForURL(new RegExp(`/batches/${batchId}$`));
    expect((await draft.batchOf(batchId)).purpose).toBe('informational');
    const params = { path: { batchId } };
    await answered(draft.dashboard.dialwright.api.POST('/v1/batches/{batchId}/cancel', { params, body: {} }));
    expect(draft.faults).toEqual([]);
  });

  it('creates no batch whose page was left, or whose time zones are not found in time', async () => {
    const batchId = await draft.begin('Not yet');
    await draft.upload(csv('phone_number,name\n+12025550111,Ana\n'));
    await dialog().getByRole('button', { name: 'Add Accepted Rows' }).click();
    await page.getByRole('radio', { name: 'Neither' }).check();
    await page.getByRole('heading', { name: 'Ready' }).waitFor();
    await page.getByText('1 person is called').waitFor();
    const isDraft = (url: URL): boolean => url.pathname === `/v1/batches/${batchId}`;
    /** Nobody finds them. */
    const chooseAndCreate = async (): Promise<void> => {
      await page.route(isDraft, async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, json: { ...((await response.json()) as object), zonesOutstanding: true } });
      });
      const isLookedAt = page.waitForRequest(
        (request) => request.method() === 'GET' && isDraft(new URL(request.url())),
      );
      await page.evaluate(CHOOSE_AND_CREATE);
      await isLookedAt;
    };

    await chooseAndCreate();
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Batch Calls' }).click();
    await page.getByText(/its page was left/).waitFor();

    await page.unrouteAll({ behavior: 'wait' });
    await page.clock.install();
    await page.goto(`/batches/${batchId}/edit`);
    await page.getByRole('radio', { name: 'Neither' }).check();
    await page.getByRole('heading', { name: 'Ready' }).waitFor();
    await draft.saved();
    await chooseAndCreate();
    await page.clock.fastForward(21_000);
    await page.getByText(/are still being found. Create the batch when they are/).waitFor();
    await page.unrouteAll({ behavior: 'wait' });
    expect((await draft.batchOf(batchId)).status).toBe('DRAFT');
    expect(draft.faults).toEqual([]);
  });

  it('shows both values when somebody else has changed the same field, and saves the chosen one', async () => {
    const batchId = await draft.begin('Mine first');
    const isHeld = (url: URL): boolean => url.pathname === `/v1/batches/${batchId}`;
    let isChanged = false;
    await page.route(isHeld, async (route) => {
      if (isChanged || route.request().method() !== 'PATCH') return route.continue();
      isChanged = true;
      await answered(
        draft.dashboard.dialwright.api.PATCH('/v1/batches/{batchId}', {
          params: { path: { batchId } },
          body: { name: 'Theirs' },
        }),
      );
      await route.continue();
    });
    await page.getByRole('textbox', { name: 'Batch Call Name' }).fill('Mine');
    const conflict = page.getByRole('alert').getByRole('group', { name: 'Batch Call Name' });
    await conflict.getByText('Yours: Mine').waitFor();
    await conflict.getByText('The other: Theirs').waitFor();
    await conflict.getByRole('button', { name: 'Keep yours' }).click();
    await page.getByRole('heading', { name: 'Draft: Mine', exact: true }).waitFor();
    expect((await draft.batchOf(batchId)).name).toBe('Mine');
    await page.unroute(isHeld);
    expect(draft.faults).toEqual([]);
  });
});
