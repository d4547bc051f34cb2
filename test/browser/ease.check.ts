import { csv, openDraftPage, type DraftPage } from './support/draft-page.js';
import { makeBatch } from './support/batches.js';
import { forgetConfirmations } from './support/forget-confirmations.js';

/** Runs in every page: each press of a pointer and of a key that a person makes. */
const COUNT_EFFORT = `globalThis.effort = { presses: 0, keys: 0 };
addEventListener('pointerdown', () => void (effort.presses += 1), true);
addEventListener('keydown', () => void (effort.keys += 1), true);`;
type Effort = { presses: number; keys: number };

const NAME = 'Reminders';
const PEOPLE = 300;
const PRESSES_MAX = 10;
const KEYS_MAX = 40;
/** As many as the file of examples has. */
const REPAIRS = 25;

let draft: DraftPage;
let page: DraftPage['page'];

beforeAll(async () => {
  draft = await openDraftPage();
  ({ page } = draft);
  await page.addInitScript({ content: COUNT_EFFORT });
});

afterAll(() => draft?.dashboard.stop());

const dialog = () => draft.dialog();

describe('what a person has to do', () => {
  const effort = () => page.evaluate<Effort>('effort');
  const numberOf = (index: number): string => `+1202555${String(100 + index).padStart(4, '0')}`;

  it('is ten presses and no key but those of the name, from the list to a batch that calls', async () => {
    const rows = Array.from({ length: PEOPLE - 3 }, (_, index) => `${numberOf(index)},P${index}`);
    const file = csv(`phone_number,name\n${rows.join('\n')}\n612345671,Ana\n612345672,Ben\n612345673,Cleo\n`);
    await page.goto('/batches');
    await page.getByRole('link', { name: 'Create Batch Call' }).first().click();
    await page.getByRole('textbox', { name: 'Batch Call Name' }).pressSequentially(NAME);
    await draft.upload(file);
    await draft.card('Rejected').getByText('3').waitFor();
    await dialog().getByRole('button', { name: '3 numbers have no country code' }).click();
    await dialog().getByRole('combobox', { name: 'They are from' }).click();
    await page.getByRole('option', { name: 'Spain' }).click();
    await dialog().getByRole('button', { name: 'Fix 3' }).click();
    await draft.card('Accepted').getByText(String(PEOPLE)).waitFor();
    await dialog().getByRole('button', { name: 'Add Accepted Rows' }).click();
    await page.getByText(`You have added ${PEOPLE} recipients`).waitFor();
    await page.getByRole('radio', { name: 'Information' }).click();
    await page.getByRole('button', { name: 'Create Batch Call' }).click();
    await page.getByRole('heading', { name: NAME, level: 1 }).waitFor();
    await page
      .getByRole('status', { name: 'What happens' })
      .getByText(/^(Calling|All slots)/)
      .waitFor();
    const { presses, keys } = await effort();
    expect(presses).toBeGreaterThan(5);
    expect(presses).toBeLessThanOrEqual(PRESSES_MAX);
    expect(keys - NAME.length).toBeGreaterThanOrEqual(0);
    expect(keys - NAME.length).toBeLessThanOrEqual(KEYS_MAX);
    expect(draft.faults).toEqual([]);
  });

  it(`is one press and then keys alone to repair ${REPAIRS} rows`, async () => {
    await draft.begin('Repairs');
    const rows = Array.from({ length: REPAIRS }, (_, index) => `12${'a'.repeat(index + 1)},P${index}`);
    await draft.upload(csv(`phone_number,name\n${rows.join('\n')}\n`));
    await draft.card('Rejected').getByText(String(REPAIRS)).waitFor();
    const before = await effort();
    await dialog().getByRole('button', { name: 'Edit row 1', exact: true }).click();
    for (let row = 1; row <= REPAIRS; row++) {
      await dialog()
        .getByRole('form', { name: `Edit row ${row}`, exact: true })
        .waitFor();
      await page.keyboard.press('Control+A');
      await page.keyboard.type(numberOf(row));
      await dialog().getByRole('button', { name: 'Save', exact: true, disabled: false }).waitFor();
      await page.keyboard.press('Control+Enter');
    }
    await draft.card('Accepted').getByText(String(REPAIRS)).waitFor();
    await dialog().getByText('No row is rejected').waitFor();
    expect((await effort()).presses - before.presses).toBe(1);
    expect(draft.faults).toEqual([]);
  });
});

describe('Back', () => {
  const field = (name: string) => page.getByRole('textbox', { name });

  it('shows a list where it was left', async () => {
    for (let index = 0; index < 30; index++)
      await makeBatch(draft.dashboard.dialwright, draft.dashboard.stack, {
        name: `Long list ${index}`,
        people: 1,
        submit: false,
      });
    await page.goto('/batches');
    const link = page.getByRole('link', { name: 'Long list 2', exact: true });
    await page.getByRole('link', { name: 'Long list 29' }).waitFor();
    await page.getByRole('region', { name: 'Batch Calls' }).hover();
    while (!(await link.isVisible())) await page.mouse.wheel(0, 400);
    const top = async () => (await link.boundingBox())?.y;
    await link.scrollIntoViewIfNeeded();
    const before = await top();
    await link.click();
    await page.getByRole('heading', { level: 1, name: 'Long list 2' }).waitFor();
    await page.goBack();
    await link.waitFor();
    expect(Math.abs(((await top()) ?? 0) - (before ?? 0))).toBeLessThan(3);
    expect(draft.faults).toEqual([]);
  });

  it('closes a dialog, and the page stays with all that was entered', async () => {
    await page.goto('/batches');
    await page.getByRole('link', { name: 'Create Batch Call' }).first().click();
    await field('Batch Call Name').fill('Stays');
    await page.waitForURL(/\/edit$/);
    await draft.saved();
    await page.getByRole('button', { name: 'Add by hand' }).click();
    await dialog().getByRole('textbox', { name: 'Phone number' }).first().fill('+12025550111');
    await page.goBack();
    await dialog().waitFor({ state: 'detached' });
    expect(await field('Batch Call Name').inputValue()).toBe('Stays');
    await page.getByRole('button', { name: 'Add by hand' }).click();
    expect(await dialog().getByRole('textbox', { name: 'Phone number' }).first().inputValue()).toBe('+12025550111');
    await dialog().getByRole('button', { name: 'Close' }).click();
    await dialog().waitFor({ state: 'detached' });

    await draft.upload(csv('phone_number,name\n+12025550112,Ana\n', 'waits.csv'));
    await draft.card('Accepted').getByText('1').waitFor();
    await page.goBack();
    await dialog().waitFor({ state: 'detached' });
    await page.waitForURL(/\/edit$/);
    await page.getByText('waits: 1 accepted, 0 rejected').waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'Batch Calls', level: 1 }).waitFor();
    expect(draft.faults).toEqual([]);
  });

  it.each([
    ['Back', () => page.goBack()],
    ['Escape', () => page.keyboard.press('Escape')],
  ])('closes one dialog at a time, as Escape does: %s', async (_what, leave) => {
    await page.goto('/settings/keys');
    await page.getByRole('tab', { name: 'People' }).click();
    await page.getByRole('tab', { name: 'API keys' }).click();
    await page.getByRole('button', { name: 'Make a key' }).click();
    await forgetConfirmations(draft.dashboard.stack);
    const making = page.getByRole('dialog', { name: 'Make a key' });
    const asking = page.getByRole('dialog', { name: 'Is it you?' });
    await making.getByRole('textbox', { name: 'Name' }).fill('Warehouse');
    await making.getByRole('button', { name: 'Make the key' }).click();
    await asking.waitFor();
    await leave();
    await asking.waitFor({ state: 'detached' });
    expect(await making.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Warehouse');
    await leave();
    await making.waitFor({ state: 'detached' });
    expect(page.url()).toMatch(/\/settings\/keys$/);
    expect(draft.faults).toEqual([]);
  });
});
