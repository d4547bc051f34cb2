import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { draft } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

const HEADERS = 'phone_number,name,note';
const NAME = 'Zoë “Žižka” €5';
const TEXT = `${HEADERS}\n+12025550111,${NAME},"a\nb, ""c"""\n`;

async function upload(content: string | Uint8Array, name = 'a.csv') {
  const params = { batchId: await draft(api, { recipients: [] }) };
  return send(api, 'createImport', { params, file: { name, content } });
}

async function accepted(content: string | Uint8Array) {
  const { body } = await upload(content);
  expect(body).toMatchObject({ status: 'REVIEW', rejectedRows: 0 });
  const { data } = (await send(api, 'listImportRows', { params: { importId: body.id } })).body;
  return (data as { recipient: { variables: Record<string, string> } }[]).map((row) => row.recipient.variables);
}

async function warningsOf(content: Uint8Array): Promise<string[]> {
  const { body } = await upload(content);
  return (body.warnings as { code: string }[]).map(({ code }) => code);
}

describe('an uploaded CSV', () => {
  it.each<[string, Uint8Array]>([
    ['UTF-8', Buffer.from(TEXT)],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${TEXT}`)],
    ['UTF-16 little endian with a byte order mark', Buffer.from(`\ufeff${TEXT}`, 'utf16le')],
    ['UTF-16 big endian with a byte order mark', Buffer.from(`\ufeff${TEXT}`, 'utf16le').swap16()],
    ['Windows-1252', windows1252(TEXT)],
  ])('is read in %s, every character as it was', async (_what, content) => {
    expect(await accepted(content)).toEqual([{ name: NAME, note: 'a\nb, "c"' }]);
  });

  it('of Windows is recognised by a character anywhere in the file, not by its beginning alone', async () => {
    const rows = Array.from({ length: 4_000 }, (_, index) => `+1202555${1000 + index},Ada,x`).join('\n');
    const names = await accepted(windows1252(`${HEADERS}\n${rows}\n+12025550111,${NAME},\n`));
    expect(names.length).toBeGreaterThan(1);
    const last = await api.db.pool.query(`SELECT content FROM import_rows ORDER BY row_number DESC LIMIT 1`);
    expect(last.rows[0].content.variables.name).toBe(NAME);
    expect(await warningsOf(windows1252(TEXT))).toContain('encoding_uncertain');
    expect(await warningsOf(Buffer.from(TEXT))).toEqual([]);
  });

  it.each([
    ['commas', ','],
    ['semicolons', ';'],
    ['tabs', '\t'],
  ])('is read with %s between its cells, which may stand inside quotes', async (_what, delimiter) => {
    const lines = [HEADERS.split(','), ['+12025550111', `"Ada${delimiter} Countess"`, 'x']];
    const variables = await accepted(lines.map((cells) => cells.join(delimiter)).join('\n'));
    expect(variables).toEqual([{ name: `Ada${delimiter} Countess`, note: 'x' }]);
  });

  it.each([
    ['LF', '\n'],
    ['CR LF', '\r\n'],
    ['a lone CR', '\r'],
  ])('is read with %s at the end of its lines, and line breaks inside quotes', async (_what, lineEnd) => {
    const lines = [HEADERS, '+12025550111,Ada,"one\ntwo\r\nthree\rfour"', '+12025550112,Grace,'];
    const expected = [
      { name: 'Ada', note: 'one\ntwo\r\nthree\rfour' },
      { name: 'Grace', note: '' },
    ];
    expect(await accepted(lines.join(lineEnd))).toEqual(expected);
    expect(await accepted(`${lines.join(lineEnd)}${lineEnd}`)).toEqual(expected);
  });

  it('is read with line ends of several kinds, as files have that were put together', async () => {
    const variables = await accepted(`${HEADERS}\r\n+12025550111,Ada,\n+12025550112,Grace,\r+12025550113,Joan,`);
    expect(variables.map(({ name }) => name)).toEqual(['Ada', 'Grace', 'Joan']);
  });

  it('that is a spreadsheet is refused with how to save it as CSV', async () => {
    const { status, problem } = await upload(Buffer.from('PK\u0003\u0004 a workbook'), 'people.xlsx');
    expect([status, problem.code]).toEqual([415, 'file_not_csv']);
    expect(problem.detail).toContain('Save as, CSV UTF-8');
  });
});

/** Every character of the tests is one byte there. */
function windows1252(text: string): Buffer {
  const signs: Record<string, number> = { '€': 0x80, Ž: 0x8e, '“': 0x93, '”': 0x94, ž: 0x9e };
  return Buffer.from([...text].map((character) => signs[character] ?? character.charCodeAt(0)));
}
