import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { readHeaders } from '../../../domain/imports/csv-headers.js';
import { checkCsvRow, type RecipientOptions, type RecipientResult } from '../../../domain/recipients/recipient-row.js';
import { readRepoFile } from '../../repo/repo-files.js';
import { draft } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

const PAGE = readRepoFile('docs/csv.md');
const EMPTY = '(empty)';

/** The rows of the table under a heading, cell by cell. */
function tableUnder(heading: string): string[][] {
  const section = PAGE.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

/** What stands in backticks, with `\n`, `\t`, `\r` and `\u0000` for what cannot be seen. */
function literal(cell: string): string {
  const text = cell === EMPTY ? '' : /^`+(.*?)`+$/.exec(cell)?.[1];
  if (text === undefined) throw new Error(`${cell} is not in backticks`);
  return text.replace(/\\([ntr]|u[0-9a-f]{4})/g, (escape) => JSON.parse(`"${escape}"`) as string);
}

function messagesOf(result: RecipientResult): string {
  return [...(result.ok ? [] : result.errors), ...result.warnings].map(({ message }) => message).join('; ');
}

function verdictOf(result: RecipientResult): string {
  if (!result.ok) return 'rejected';
  if (result.warnings.length > 0) return 'accepted with a warning';
  return result.recipient.repaired ? `repaired to \`${result.recipient.phone}\`` : 'accepted';
}

function checkRow(csv: string, options: RecipientOptions): RecipientResult {
  const [headers = [], cells = []] = parse(csv, { relax_column_count: true }) as string[][];
  const read = readHeaders(headers, options);
  if (!read.ok) throw new Error(read.message);
  return checkCsvRow(read.columns, cells, options);
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const inBatch: RecipientOptions = { hoursIn: 'batch' };

describe('docs/csv.md says what happens to', () => {
  it.each(tableUnder('Headers'))('the headers %s', (headers, verdict, message) => {
    const read = readHeaders((parse(literal(headers!)) as string[][])[0]!, inBatch);
    const messages = read.ok ? read.warnings.map((warning) => warning.message).join('; ') : read.message;
    const found = !read.ok ? 'the file is refused' : read.warnings.length > 0 ? 'read with a warning' : 'read';
    expect([found, messages]).toEqual([verdict, message]);
  });

  it.each(tableUnder('Phone numbers'))(
    'the phone %s with the default country %s',
    (cell, country, verdict, message) => {
      const result = checkRow(`phone_number,x\n${quoted(literal(cell!))},1\n`, {
        ...inBatch,
        ...(country !== '' && { defaultCountry: literal(country!) }),
      });
      expect([verdictOf(result), messagesOf(result)]).toEqual([verdict, message]);
    },
  );

  it.each(tableUnder('Other columns'))('in the column %s the cell %s', (column, cell, verdict, message) => {
    const options: RecipientOptions = { hoursIn: 'recipient', knownAgentIds: new Set(['agent-1']) };
    const result = checkRow(`phone_number,${literal(column!)}\n+12025550123,${quoted(literal(cell!))}\n`, options);
    expect([verdictOf(result), messagesOf(result)]).toEqual([verdict, message]);
    const { variables = {} } = result.ok ? result.recipient : {};
    // Whatever is no field of its own arrives as it was written.
    if (literal(column!) in variables) expect(variables[literal(column!)]).toBe(literal(cell!));
  });

  it.each(tableUnder('Rows'))('the row %s below %s', (headers, row, verdict, message) => {
    const result = checkRow(`${literal(headers!)}\n${literal(row!)}\n`, inBatch);
    expect([verdictOf(result), messagesOf(result)]).toEqual([verdict, message]);
  });

  it.each(tableUnder('Files'))('a file: %s', async (what, verdict, message) => {
    const content = FILES[what!];
    if (content === undefined) throw new Error(`there is no such file: ${what}`);
    const params = { batchId: await draft(api, { recipients: [] }) };
    const { body, status } = await send(api, 'createImport', { params, file: { name: 'people.csv', content } });
    if (status !== 201) return expect([`refused: \`${body.code}\``, body.detail]).toEqual([verdict, message]);
    const warnings = what === 'Windows-1252' ? [expect.objectContaining({ code: 'read_as_windows_1252' })] : [];
    expect(body).toMatchObject({ totalRows: 1, acceptedRows: 1, warnings });
    const rows = (await send(api, 'listImportRows', { params: { importId: body.id } })).body.data;
    expect(['read', rows[0].content.variables.note]).toEqual([verdict, NOTES[what!] ?? NOTE]);
  });

  it('every file that is tested here', () => {
    expect(tableUnder('Files').map(([what]) => what)).toEqual(Object.keys(FILES));
  });
});

const NOTE = 'Zoë, “x”';
const TEXT = `phone_number,note\n+12025550111,"${NOTE}"\n`;
const BIG_ENDIAN = Buffer.from(`\ufeff${TEXT}`, 'utf16le').swap16();

const FILES: Record<string, string | Uint8Array> = {
  'UTF-8': TEXT,
  'UTF-8 with a byte order mark': `\ufeff${TEXT}`,
  'UTF-16, little-endian, with a byte order mark': Buffer.from(`\ufeff${TEXT}`, 'utf16le'),
  'UTF-16, big-endian, with a byte order mark': BIG_ENDIAN,
  'Windows-1252': Buffer.from(TEXT.replace('“', '\x93').replace('”', '\x94'), 'latin1'),
  'separated by `;`': TEXT.replaceAll(/,(?!.*")|,(?=")/g, ';'),
  'separated by tabs': TEXT.replaceAll(/,(?!.*")|,(?=")/g, '\t'),
  'lines that end with CR LF': TEXT.replaceAll('\n', '\r\n'),
  'lines that end with a lone CR': TEXT.replaceAll('\n', '\r'),
  'a line break inside quotes': TEXT.replace(NOTE, 'two\nlines'),
  'blank lines, and rows of blank cells': `phone_number,note\n\n,\n+12025550111,"${NOTE}"\n , \n`,
  'a NUL byte': TEXT.replace('Zo', 'Z\0'),
  'a spreadsheet (.xlsx)': 'PK\u0003\u0004 and so on',
  'nothing in it': '',
  'headers and no rows': 'phone_number,note\n',
  'a quote that is not closed': TEXT.replace(`"\n`, '\n'),
};
const NOTES: Record<string, string> = { 'a line break inside quotes': 'two\nlines' };
