import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { readHeaders } from '../../../domain/imports/csv-headers.js';
import { checkCsvRow, type RecipientOptions, type RecipientResult } from '../../../domain/recipients/recipient-row.js';
import { ENCODINGS } from '../../../domain/imports/text-encodings.js';
import { readSettings } from '../../../platform/settings.js';
import { readRepoFile } from '../../repo/repo-files.js';
import { draft } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  // The limits that the product ships with.
  api = await startTestApi({ settings: readSettings({}) });
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
  return unescaped(text);
}

function unescaped(text: string): string {
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
    expect([found, messages]).toEqual([verdict, unescaped(message!)]);
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
    const options: RecipientOptions = {
      hoursIn: 'recipient',
      localTimeZone: 'Europe/Madrid',
      knownAgentIds: new Set(['agent-1']),
    };
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
    const encoding = /`encoding=(.+)`/.exec(what!)?.[1];
    const file = what!.includes('.txt') ? { name: 'a.txt', type: 'application/vnd.ms-excel' } : { name: 'people.csv' };
    const query = { autoConfirm: 'true', ...(encoding !== undefined && { encoding }) };
    const { body, status } = await send(api, 'createImport', { params, file: { ...file, content }, query });
    if (status !== 201) return expect([`refused: \`${body.code}\``, body.detail]).toEqual([verdict, message]);
    expect(body.totalRows).toBe(1);
    if (body.acceptedRows === 0) {
      const [row] = (await send(api, 'listImportRows', { params: { importId: body.id }, query: { accepted: 'false' } }))
        .body.data;
      return expect([
        'the row is rejected',
        row.problems.map((problem: { message: string }) => problem.message).join('; '),
      ]).toEqual([verdict, message]);
    }
    const found = body.status === 'CONFIRMED' ? 'read' : 'read, and not confirmed by itself';
    const warnings = (body.warnings as { message: string }[]).map((warning) => warning.message).join('; ');
    expect([found, warnings]).toEqual([verdict, message]);
    if (body.status !== 'CONFIRMED') await send(api, 'confirmImport', { params: { importId: body.id } });
    const [recipient] = (await send(api, 'listRecipients', { params })).body.data;
    expect(recipient.variables.note).toBe(NOTES[what!] ?? NOTE);
  });

  it('every limit by the name of its setting, with its size', () => {
    const settings = readSettings({});
    const sizes = tableUnder('Limits').map(([limit, setting]) => {
      const [, count = '', unit] = /^([\d,]+)( MiB| KiB)?/.exec(limit!) ?? [];
      const factor = { ' MiB': 1_048_576, ' KiB': 1_024 }[unit ?? ''] ?? 1;
      return [literal(setting!), Number(count.replaceAll(',', '')) * factor];
    });
    expect(sizes.length).toBe(5);
    for (const [name, size] of sizes) expect([name, settings[name as keyof typeof settings]]).toEqual([name, size]);
  });

  it('every encoding that an upload may name', () => {
    const section = PAGE.split(/^## /m).find((text) => text.startsWith('Encodings\n')) ?? '';
    const [, list = ''] = /`encoding` is one of ([^.]*)\./.exec(section) ?? [];
    expect([...list.matchAll(/`([^`]+)`/g)].map(([, name]) => name)).toEqual([...ENCODINGS]);
  });

  it('every file that is tested here', () => {
    expect(tableUnder('Files').map(([what]) => what)).toEqual(Object.keys(FILES));
  });
});

const NOTE = 'Zoë, “x”';
const TEXT = `phone_number,note\n+12025550111,"${NOTE}"\n`;
const BIG_ENDIAN = Buffer.from(`\ufeff${TEXT}`, 'utf16le').swap16();

const WINDOWS_1252 = Buffer.from(TEXT.replace('“', '\x93').replace('”', '\x94'), 'latin1');
const WITHOUT_NOTE = 'phone_number,note\n+12025550111,';

const FILES: Record<string, string | Uint8Array> = {
  'UTF-8': TEXT,
  'UTF-8 with a byte order mark': `\ufeff${TEXT}`,
  'UTF-16, little-endian, with a byte order mark': Buffer.from(`\ufeff${TEXT}`, 'utf16le'),
  'UTF-16, big-endian, with a byte order mark': BIG_ENDIAN,
  'UTF-16 without a byte order mark': Buffer.from(TEXT, 'utf16le'),
  'Windows-1252': WINDOWS_1252,
  'Windows-1252, uploaded with `encoding=windows-1252`': WINDOWS_1252,
  'separated by `;`': TEXT.replaceAll(/,(?!.*")|,(?=")/g, ';'),
  'separated by tabs': TEXT.replaceAll(/,(?!.*")|,(?=")/g, '\t'),
  'separated by vertical bars': TEXT.replaceAll(/,(?!.*")|,(?=")/g, '|'),
  'a first line `sep=;`': `sep=;\n${TEXT.replaceAll(/,(?!.*")|,(?=")/g, ';')}`,
  'lines that end with CR LF': TEXT.replaceAll('\n', '\r\n'),
  'lines that end with a lone CR': TEXT.replaceAll('\n', '\r'),
  'a line break inside quotes': TEXT.replace(NOTE, 'two\nlines'),
  'a pair of quotes inside a value': `${WITHOUT_NOTE}Zoë “x” "y"\n`,
  'blank lines, and rows of blank cells': `phone_number,note\n\n,\n+12025550111,"${NOTE}"\n , \n`,
  'a name of .txt and a type of a spreadsheet': TEXT,
  'a byte that is no UTF-8': Buffer.concat([Buffer.from(TEXT.slice(0, -2)), Buffer.from([0x96]), Buffer.from('"\n')]),
  'a NUL byte': TEXT.replace('Zo', 'Z\0'),
  'a quote that is not closed': TEXT.replace(`"\n`, '\n'),
  'text after a closing quote': TEXT.replace(`"\n`, '" x\n'),
  'a row of 70 KB': `${WITHOUT_NOTE}${'x'.repeat(70_000)}\n`,
  'a quote that is not closed in the headers': TEXT.replace('note', '"note'),
  'NUL bytes everywhere': 'p\0\0\0\0h\0\0\0o',
  'a byte order mark, uploaded with `encoding=windows-1252`': `\ufeff${TEXT}`,
  'a spreadsheet (.xlsx)': 'PK\u0003\u0004 and so on',
  'a web page': '<!DOCTYPE html><html></html>',
  'nothing in it': '',
  'headers and no rows': 'phone_number,note\n',
  'no phone column, and numbers in another': `Phone 1 - Value,note\n+12025550111,"${NOTE}"\n`,
  'no phone column, and numbers in two others': 'Home,Work\n+12025550111,+12025550112\n',
  'a title above the headers': `March\n${TEXT}`,
};
const NOTES: Record<string, string> = {
  'a line break inside quotes': 'two\nlines',
  'a pair of quotes inside a value': 'Zoë “x” "y"',
};
