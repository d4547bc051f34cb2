import { answered } from '../../client/index.js';
import { openLine, type Line } from './support/line.js';
import { openPage } from './support/watched-page.js';
import { csv, openDraftPage, type DraftPage } from './support/draft-page.js';

const BYTES_MAX = 400_000;
/** 400 kbit in a second. */
const SLOW = { offline: false, latency: 20, downloadThroughput: 50_000, uploadThroughput: 50_000 };
const FAST = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 };

describe('Files of recipients', () => {
  let draft: DraftPage;
  let page: DraftPage['page'];
  let line: Line;

  beforeAll(async () => {
    draft = await openDraftPage({ environment: { DIALWRIGHT_UPLOAD_BYTES_MAX: String(BYTES_MAX) } });
    ({ page } = draft);
  });

  afterAll(async () => {
    await line?.stop();
    await draft?.dashboard.stop();
  });

  const dialog = () => draft.dialog();
  const alert = () => dialog().getByRole('alert');
  const lineOf = (name: string) => page.getByRole('group', { name, exact: true });
  const addRows = () => dialog().getByRole('button', { name: 'Add Accepted Rows' }).click();
  const total = async (batchId: string) => (await draft.batchOf(batchId)).counters.recipients.total;

  it('takes files that are dropped', async () => {
    const batchId = await draft.begin('Dropped');
    // Runs in the page: files of a drop exist there alone.
    const dropped = await page.evaluateHandle(`(() => {
      const dropped = new DataTransfer();
      for (const name of ['north', 'south'])
        dropped.items.add(new File(['phone_number\\n+12025550' + (name === 'north' ? '111' : '112') + '\\n'], name + '.csv'));
      return dropped;
    })()`);
    const zone = page.getByRole('group', { name: 'Drop files here' });
    await zone.dispatchEvent('dragenter', { dataTransfer: dropped });
    await zone.dispatchEvent('drop', { dataTransfer: dropped });
    await dialog().getByText('Upload Recipients: north.csv').waitFor();
    await addRows();
    await lineOf('south.csv').getByRole('button', { name: 'Check and add' }).click();
    await addRows();
    await page.getByText('You have added 2 recipients').waitFor();
    expect(await total(batchId)).toBe(2);
    expect(draft.faults).toEqual([]);
  });

  it('finds the header row below a title line', async () => {
    await draft.begin('Titled');
    await draft.upload(csv('Customers of May 2026,,\n\nphone_number,name,city\n+12025550111,Ana,Madrid\n'));
    await alert()
      .getByText(/no phone_number column/)
      .waitFor();
    await dialog().getByText('Row 2 has a column of phone numbers').waitFor();
    expect(await dialog().getByRole('textbox', { name: 'Headers are in row' }).inputValue()).toBe('2');
    expect(await dialog().getByRole('combobox', { name: 'Use name as' }).inputValue()).toBe('name');
    await dialog().getByRole('button', { name: 'Read the file again' }).click();
    await draft.card('Accepted').getByText('1').waitFor();
    await dialog().getByText('Columns: phone number, name, 1 variable').waitFor();
    expect(draft.faults).toEqual([]);
  });

  it.each([
    ['a file of headers alone', csv('phone_number,name\n'), /has headers and no rows below them/],
    ['an empty file', csv(''), /is empty/],
    [
      'a picture',
      { ...csv('', 'photo.csv'), buffer: Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex') },
      /'photo\.csv' is a picture\. Save it as CSV/,
    ],
    [
      'a file that is too large',
      csv(`phone_number\n${'+12025550111\n'.repeat(40_000)}`),
      /is larger than 390 KiB\. Split it and upload the parts/,
    ],
    ['a file without numbers', csv('name,city\nAna,Rome\n'), /no phone_number column/],
  ])('says in the dialog what is wrong with %s, and takes another one there', async (_what, file, message) => {
    const batchId = await draft.begin('Wrong file');
    await draft.upload(file);
    await alert().getByText(message).first().waitFor();
    const choosing = page.waitForEvent('filechooser');
    await dialog().getByRole('button', { name: 'Choose another file' }).click();
    await (await choosing).setFiles(csv('phone_number\n+12025550111\n'));
    await draft.card('Accepted').getByText('1').waitFor();
    await addRows();
    await page.getByText('You have added 1 recipient', { exact: true }).waitFor();
    expect(await total(batchId)).toBe(1);
    expect(draft.faults).toEqual([]);
  });

  it('adds a second file, shows a line for each, and takes one of them back', async () => {
    const batchId = await draft.begin('Two files');
    await draft.upload(csv('phone_number\n+12025550111\n+12025550112\n', 'first.csv'));
    await addRows();
    await page.getByText('You have added 2 recipients').waitFor();
    await draft.upload(csv('phone_number\n+12025550113\n', 'second.csv'));
    await addRows();
    await page.getByText('You have added 3 recipients').waitFor();
    await lineOf('second.csv').getByText('1 added').waitFor();
    await lineOf('first.csv').getByRole('button', { name: 'Undo' }).click();
    await page.getByText('You have added 1 recipient', { exact: true }).waitFor();
    await lineOf('first.csv').waitFor({ state: 'detached' });
    expect(await total(batchId)).toBe(1);
    expect(draft.faults).toEqual([]);
  });

  it('keeps duplicates unless they are left out, and says how many are added', async () => {
    const batchId = await draft.begin('Twice');
    const twice = csv('phone_number,name\n+12025550111,Ana\n+12025550111,Ana again\n+12025550112,Ben\n');
    await draft.upload(twice);
    await draft.card('Duplicates').getByText('1').waitFor();
    await dialog().getByText('3 rows will be added.').waitFor();
    await addRows();
    await page.getByText('You have added 3 recipients').waitFor();
    await draft.upload(twice);
    await draft.card('Duplicates').getByText('3').waitFor();
    await dialog().getByRole('tab', { name: 'Duplicates (3)' }).click();
    await dialog().getByText('the batch has it already').first().waitFor();
    await dialog().getByRole('checkbox', { name: 'Leave out 3 numbers that the batch has already' }).check();
    await dialog().getByText('0 rows will be added.').waitFor();
    await dialog().getByRole('checkbox', { name: 'Leave out 3 numbers that the batch has already' }).uncheck();
    await dialog().getByRole('checkbox', { name: 'Leave out 1 number that occurs earlier in the file' }).check();
    await dialog().getByText('2 rows will be added.').waitFor();
    await addRows();
    await page.getByText('You have added 5 recipients').waitFor();
    expect(await total(batchId)).toBe(5);
    expect(draft.faults).toEqual([]);
  });

  it('removes from the draft who is taken out of the list, with Save and not before', async () => {
    const batchId = await draft.begin('Fewer');
    await draft.upload(csv('phone_number,name\n+12025550111,Ana\n+12025550112,بن\n+12025550113,Cleo\n'));
    await addRows();
    await page.getByRole('button', { name: 'View Recipients' }).click();
    await dialog().getByRole('button', { name: 'Remove +12025550112' }).click();
    await dialog().getByText('1 will be removed').waitFor();
    await dialog().getByRole('button', { name: 'Keep +12025550112' }).click();
    await dialog().getByRole('button', { name: 'Save (3)' }).waitFor();
    await dialog().getByRole('button', { name: 'Remove +12025550111' }).click();
    expect(await total(batchId)).toBe(3);
    await dialog().getByRole('button', { name: 'Save (2)' }).click();
    await page.getByText('You have added 2 recipients').waitFor();
    const { data } = await answered(
      draft.dashboard.dialwright.api.GET('/v1/batches/{batchId}/recipients', { params: { path: { batchId } } }),
    );
    expect(data.map(({ phoneNumber }) => phoneNumber).sort()).toEqual(['+12025550112', '+12025550113']);
    expect(draft.faults).toEqual([]);
  });

  it('shows the bytes of a slow upload, which can be ended', async () => {
    const batchId = await draft.begin('Slow');
    const network = await draft.context.newCDPSession(page);
    await network.send('Network.enable');
    await network.send('Network.emulateNetworkConditions', SLOW);
    await draft.upload(csv(`phone_number\n${'+12025550111\n'.repeat(25_000)}`, 'large.csv'));
    await dialog()
      .getByRole('status')
      .getByText(/^[1-9][\d.]* kB of 3\d\d(\.\d)? kB sent$/)
      .waitFor();
    await page.keyboard.press('Escape');
    const going = page.getByRole('group', { name: 'Upload of large.csv' });
    await going.getByText(/ of 3\d\d(\.\d)? kB$/).waitFor();
    await going.getByRole('button', { name: 'Stop' }).click();
    await going.waitFor({ state: 'detached' });
    await network.send('Network.emulateNetworkConditions', FAST);
    await draft.upload(csv('phone_number\n+12025550111\n', 'small.csv'));
    await addRows();
    await page.getByText('You have added 1 recipient', { exact: true }).waitFor();
    await lineOf('large.csv').waitFor({ state: 'detached' });
    expect(await total(batchId)).toBe(1);
    expect(draft.faults).toEqual([]);
  });

  it('sends a file whose line was cut in its middle once more, as the same upload', async () => {
    line = await openLine(draft.dashboard.stack.apiUrl);
    const watched = await openPage(draft.dashboard.browser, { url: line.url });
    await watched.context.addCookies(await draft.context.cookies());
    const batchId = await draft.begin('Cut');
    const over = watched.page;
    over.setDefaultTimeout(20_000);
    await over.goto(`/batches/${batchId}/edit`);
    const rows = Array.from({ length: 25_000 }, (_, row) => `+1202555${String(100 + (row % 100)).padStart(4, '0')}\n`);
    const file = csv(`phone_number\n${rows.join('')}`, 'cut.csv');
    line.cutAfter(file.buffer.length * 0.6);
    const choosing = over.waitForEvent('filechooser');
    await over.getByRole('button', { name: 'Upload CSV' }).click();
    await (await choosing).setFiles(file);
    const there = over.getByRole('dialog');
    await there.getByRole('alert').getByText('The connection was lost').waitFor();
    line.goOn();
    await there.getByRole('button', { name: 'Retry' }).click();
    await there.getByText('25,000 rows will be added.').waitFor();
    await there.getByRole('button', { name: 'Add Accepted Rows' }).click();
    await over.getByText('You have added 25,000 recipients').waitFor();
    const { data: imports } = await answered(
      draft.dashboard.dialwright.api.GET('/v1/batches/{batchId}/imports', { params: { path: { batchId } } }),
    );
    expect(imports.map(({ status, acceptedRows }) => [status, acceptedRows])).toEqual([['CONFIRMED', 25_000]]);
    expect(await total(batchId)).toBe(25_000);
    expect(watched.faults).toEqual([]);
    await watched.context.close();
  });

  it('adds people who are typed or pasted, all or none, and says beside a line what is wrong with it', async () => {
    const batchId = await draft.begin('By hand');
    await page.getByRole('button', { name: 'Add by hand' }).click();
    await dialog().getByLabel('Phone number of person 1').fill('+12025550111');
    await dialog().getByLabel('Name of person 1').fill('Ana');
    await dialog().getByRole('button', { name: 'Add a line' }).click();
    await dialog().getByLabel('Phone number of person 2').fill('12a');
    await dialog().getByRole('button', { name: 'Add 2 recipients' }).click();
    const second = dialog().getByRole('group', { name: 'Person 2' });
    await second.getByText(/12a/).waitFor();
    expect(await total(batchId)).toBe(0);
    await dialog().getByLabel('Phone number of person 2').fill('');
    await second.getByText(/12a/).waitFor({ state: 'detached' });
    // A paste as the page gets it: a test has no clipboard of the machine.
    await dialog().getByLabel('Phone number of person 2').focus();
    await page.evaluate(`(() => {
      const pasted = new DataTransfer();
      pasted.setData('text', '+12025550112, Ben\\n+12025550113;\u05d3\u05e0\u05d4');
      document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: pasted, bubbles: true, cancelable: true }));
    })()`);
    expect(await dialog().getByLabel('Name of person 3').inputValue()).toBe('\u05d3\u05e0\u05d4');
    await dialog().getByRole('button', { name: 'Add 3 recipients' }).click();
    await page.getByText('You have added 3 recipients').waitFor();
    expect(await total(batchId)).toBe(3);
    expect(draft.faults).toEqual([]);
  });
});
