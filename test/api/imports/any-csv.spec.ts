import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import examples from 'libphonenumber-js/examples.mobile.json';
import { getCountryCallingCode, type CountryCode } from 'libphonenumber-js/max';
import { isBlankHeader, isOfExport } from '../../../domain/imports/column-choice.js';
import { reservedFieldOf } from '../../../domain/imports/csv-headers.js';
import { checkPhone } from '../../../domain/recipients/phone.js';
import { draft } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';

const SEED = 20261126;
const RUNS = 80;

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

const NUMBERS = Object.entries(examples as Record<string, string>).map(
  ([country, national]) => `+${getCountryCallingCode(country as CountryCode)}${national}`,
);

type Row = { phone: string; cells: string[] };
type Csv = {
  headers: string[];
  phoneAt: number;
  rows: Row[];
  separator: string;
  lineEnd: string;
  encoding: 'utf8' | 'utf8 with BOM' | 'utf16le';
  quoteAll: boolean;
};

/** Any text that a CSV in UTF-8 can hold; NUL and U+FFFD, which stand for what could not be read, reject their rows. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: fc.constantFrom(...`"',;\t\r\n =+-@\\{}[]0aé🙂`), maxLength: 30 }),
  fc.constantFrom('', ' ', '\ufeff', 'NULL', '__proto__', '\\N', '\\.', "'=1", "''@x"),
);
const cell = text.filter((value) => !/[\0\ufffd]/.test(value));
const header = cell.filter(
  (value) =>
    !isBlankHeader(value) && !isOfExport(value) && reservedFieldOf(value, 'batch') === null && !/^\ufeff/.test(value),
);
const damaged = fc
  .tuple(
    fc.constantFrom(...NUMBERS),
    fc.constantFrom(
      (phone: string) => phone,
      (phone: string) => `'${phone}`,
      (phone: string) => ` ${phone.slice(0, 5)}-(${phone.slice(5)}) `,
      (phone: string) => phone.replace('+', '00'),
      (phone: string) => `${phone}.0`,
    ),
  )
  .map(([phone, damage]) => damage(phone));
const phone = fc.oneof(
  { weight: 4, arbitrary: damaged },
  { weight: 1, arbitrary: cell.filter((value) => value.trim() !== '') },
);
const csv: fc.Arbitrary<Csv> = fc.uniqueArray(header, { minLength: 0, maxLength: 5 }).chain((headers) =>
  fc.record({
    headers: fc.constant(headers),
    phoneAt: fc.nat({ max: headers.length }),
    rows: fc.array(
      fc.record({ phone, cells: fc.array(cell, { minLength: headers.length, maxLength: headers.length }) }),
      { minLength: 1, maxLength: 12 },
    ),
    separator: fc.constantFrom(',', ';', '\t'),
    lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
    encoding: fc.constantFrom('utf8', 'utf8 with BOM', 'utf16le'),
    quoteAll: fc.boolean(),
  }),
);

function write({ headers, phoneAt, rows, separator, lineEnd, encoding, quoteAll }: Csv): Uint8Array {
  const quote = (value: string): string =>
    quoteAll || /[",;\t\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  const line = (first: string, cells: string[]): string =>
    cells.toSpliced(phoneAt, 0, first).map(quote).join(separator) + lineEnd;
  const content = line('phone_number', headers) + rows.map((row) => line(row.phone, row.cells)).join('');
  if (encoding === 'utf16le') return Buffer.from(`\ufeff${content}`, 'utf16le');
  return Buffer.from(encoding === 'utf8' ? content : `\ufeff${content}`, 'utf8');
}

const byHeader = (headers: string[], cells: string[]): unknown[] => headers.map((name, index) => [name, cells[index]]);

describe('any CSV that the rules allow', () => {
  it('has each row accepted or rejected; variables arrive byte for byte, phones in their canonical form', async () => {
    const property = fc.asyncProperty(csv, async (file) => {
      const batchId = await draft(api, { recipients: [] });
      const created = await send(api, 'createImport', {
        params: { batchId },
        file: { name: 'a.csv', content: write(file) },
      });
      expect([created.status, created.problem.detail]).toEqual([201, undefined]);
      const { id, totalRows, acceptedRows, rejectedRows } = created.body;
      const params = { importId: id };
      const checks = file.rows.map((row) => checkPhone(row.phone, { skipPhoneCheck: false }));
      expect([totalRows, acceptedRows + rejectedRows]).toEqual([file.rows.length, file.rows.length]);
      expect(acceptedRows).toBe(checks.filter(({ ok }) => ok).length);

      const rejected = (await send(api, 'listImportRows', { params, query: { accepted: 'false' } })).body.data;
      const bad = file.rows.filter((_, index) => !checks[index]?.ok);
      expect(rejected.map(({ cells }: { cells: object }) => Object.entries(cells).sort())).toEqual(
        bad.map((row) => [...byHeader(file.headers, row.cells), ['phone_number', row.phone]].sort()),
      );
      if (acceptedRows === 0) return;
      await send(api, 'confirmImport', { params });
      const recipients = (await send(api, 'listRecipients', { params: { batchId } })).body.data;
      expect(recipients.map(({ phoneNumber }: { phoneNumber: string }) => phoneNumber)).toEqual(
        checks.flatMap((check) => (check.ok ? [check.phone] : [])),
      );
      const good = file.rows.filter((_, index) => checks[index]?.ok);
      expect(recipients.map(({ variables }: { variables: object }) => Object.entries(variables).sort())).toEqual(
        good.map((row) => byHeader(file.headers, row.cells).sort()),
      );
    });
    await fc.assert(property, { seed: SEED, numRuns: RUNS });
  });
});
