import { csv, openDraftPage, type DraftPage } from './support/draft-page.js';

const HEADERS = 'phone_number,name,ignore_e164_validation,timezone,metadata';

describe('Repairs of rejected rows', () => {
  let draft: DraftPage;
  let page: DraftPage['page'];

  beforeAll(async () => {
    draft = await openDraftPage();
    ({ page } = draft);
  });

  afterAll(() => draft?.dashboard.stop());

  const dialog = () => draft.dialog();
  const preview = () => dialog().getByRole('group', { name: 'Preview' });
  const lastFix = () => dialog().getByRole('status', { name: 'Last fix' });
  const press = (name: string) => dialog().getByRole('button', { name, exact: true }).click();

  async function choose(label: string, option: string): Promise<void> {
    await dialog().getByRole('combobox', { name: label }).click();
    await dialog().getByRole('combobox', { name: label }).fill(option);
    await page.getByRole('option', { name: option }).first().click();
  }

  /** Zones count only where hours are read by each person’s own clock. */
  async function uploadOwnClock(name: string, rows: string): Promise<void> {
    await draft.begin(name);
    await page.getByRole('radio', { name: 'Each person’s own' }).check();
    await draft.saved();
    await draft.upload(csv(`${HEADERS}\n${rows}\n`));
  }

  const KINDS = [
    {
      kind: 'their country',
      rows: '612345678,Ana,,,\n612345679,Ben,,,',
      group: '2 numbers have no country code',
      act: () => choose('They are from', 'Spain'),
      shows: '+34612345678 Ana',
      says: '2 accepted.',
    },
    {
      kind: 'leave to be dialled as they are written',
      rows: '+1202555,Ana,,,\n+1202556,Ben,,,',
      group: /^2 numbers (are too short|do not exist)$/,
      act: () => press('Ignore E.164'),
      shows: /1202555/,
      says: '2 accepted.',
    },
    {
      kind: 'an empty cell',
      rows: '+12025550111,Ana,,,customer=1\n+12025550112,Ben,,,customer=2',
      group: '2 rows have wrong metadata or SIP headers',
      act: () => press('Clear the cell'),
      shows: '+12025550111 Ana',
      says: '2 accepted.',
    },
    {
      kind: 'a place as their time zone',
      rows: '+12025550111,Ana,,Mars,\n+12025550112,Ben,,Mars,',
      group: '2 time zones are not places',
      act: () => choose('Replace by', 'Madrid (Europe/Madrid)'),
      shows: '+12025550111 Ana',
      says: '2 accepted.',
    },
    {
      kind: 'no place in the batch',
      rows: '12a,Ana,,,\n12b,Ben,,,',
      group: '2 numbers contain text',
      act: () => press('Leave out'),
      shows: 'left out',
      says: '2 left out.',
    },
  ] as const;

  it.each(KINDS)('gives all rows of a kind $kind, shows it before, and takes it back', async (fix) => {
    await uploadOwnClock('All of a kind', fix.rows);
    await draft.card('Rejected').getByText('2').waitFor();
    await dialog().getByRole('button', { name: fix.group }).click();
    await fix.act();
    await preview().getByText(fix.shows).first().waitFor();
    await preview().getByRole('button', { name: 'Fix 2' }).click();
    await lastFix().getByText(fix.says).waitFor();
    await draft.card('Rejected').getByText('0').waitFor();
    await lastFix().getByRole('button', { name: 'Undo' }).click();
    await draft.card('Rejected').getByText('2').waitFor();
    await draft.card('Accepted').getByText('0').waitFor();
    await lastFix().waitFor({ state: 'detached' });
    expect(draft.faults).toEqual([]);
  });

  it('reads numbers that can mean two things as a person says, after the country was chosen', async () => {
    await uploadOwnClock('Two readings', '4915123913811,Ana,,,\n4915123913812,Ben,,,');
    await dialog().getByRole('button', { name: 'Change' }).click();
    await choose('Country of numbers without +', 'Germany');
    await press('Read the file again');
    await dialog().getByRole('button', { name: '2 numbers can be read two ways' }).click();
    await press('International');
    await preview().getByText('+4915123913811 Ana').waitFor();
    await preview().getByRole('button', { name: 'Cancel' }).click();
    await press('National');
    await preview().getByText('+494915123913811 Ana').waitFor();
    await preview().getByRole('button', { name: 'Fix 2' }).click();
    await lastFix().getByText('2 accepted.').waitFor();
    expect(draft.faults).toEqual([]);
  });

  it('repairs each kind of cell in one row: number, flag, zone and metadata', async () => {
    const rows = ['612345678,Ana,,,', '+1202555,Ben,,,', '+12025550113,Cleo,,Mars,', '+12025550114,Dan,,,customer=1'];
    await uploadOwnClock('One by one', rows.join('\n'));
    await draft.card('Rejected').getByText('4').waitFor();
    const field = (name: string) => dialog().getByRole('textbox', { name, exact: true });
    const repairs = [
      () => field('Phone number').fill('+34612345678'),
      () => dialog().getByRole('checkbox', { name: 'Ignore E.164' }).check(),
      () => field('Time zone').fill('Europe/Madrid'),
      () => field('Metadata').fill('{"customer": 1}'),
    ];
    for (const [index, repair] of repairs.entries()) {
      await dialog()
        .getByRole('button', { name: `Edit row ${index + 1}` })
        .click();
      await dialog()
        .getByRole('form', { name: `Edit row ${index + 1}` })
        .waitFor();
      await repair();
      await press('Save');
      await draft
        .card('Accepted')
        .getByText(String(index + 1))
        .waitFor();
    }
    await dialog().getByText('4 rows will be added.').waitFor();
    expect(draft.faults).toEqual([]);
  });
});
