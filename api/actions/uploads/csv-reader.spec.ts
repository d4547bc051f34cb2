import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { CsvReader } from './csv-reader.js';

const ROW_BYTES_MAX = 1_000;

function read(text: string, { delimiter = ',', chunk = text.length || 1 } = {}): string[][] {
  const rows: string[][] = [];
  const reader = new CsvReader({ delimiter, rowBytesMax: ROW_BYTES_MAX, onRow: (cells) => rows.push(cells) });
  for (let at = 0; at < text.length; at += chunk) reader.write(text.slice(at, at + chunk));
  reader.end();
  return rows;
}

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
const cell = fc.string({
  unit: fc.constantFrom('a', 'é', '€', ' ', ',', ';', '"', '\n', '\r', '\r\n', '\t'),
  maxLength: 8,
});
const table = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 8 });
const isBlank = (row: readonly string[]): boolean => row.every((text) => text.trim() === '');

describe('reading CSV', () => {
  it('gives back every cell of any table that is written with quotes, wherever the file is cut into chunks', () => {
    fc.assert(
      fc.property(
        table,
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.boolean(),
        fc.integer({ min: 1, max: 9 }),
        (rows, delimiter, lineEnd, endsWithLineEnd, chunk) => {
          const text =
            rows.map((row) => row.map(quoted).join(delimiter)).join(lineEnd) + (endsWithLineEnd ? lineEnd : '');
          expect(read(text, { delimiter, chunk })).toEqual(rows.filter((row) => !isBlank(row)));
        },
      ),
    );
  });

  it('reads any text with LF line ends as csv-parse does, or refuses it as csv-parse does', () => {
    const options = { relax_column_count: true, skip_empty_lines: true, skip_records_with_empty_values: true };
    const outcome = (work: () => unknown): unknown => {
      try {
        return work();
      } catch {
        return 'refused';
      }
    };
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '"', '"', ',', '\n', ' '), maxLength: 30 });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 5 }), (csv, chunk) => {
        const theirs = outcome(() => parse(csv, { ...options, record_delimiter: '\n' }));
        expect(outcome(() => read(csv, { chunk }))).toEqual(theirs);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    [
      'line ends of three kinds in one file',
      'a,b\r\n1,2\n3,4\r5,6',
      [
        ['a', 'b'],
        ['1', '2'],
        ['3', '4'],
        ['5', '6'],
      ],
    ],
    ['rows of different lengths', 'a\n1,2,3\n', [['a'], ['1', '2', '3']]],
    ['a last cell that is empty', 'a,"b",', [['a', 'b', '']]],
    ['a quoted cell after plain ones', 'x,y,"z, ""z"""\n', [['x', 'y', 'z, "z"']]],
    ['blank rows', '\n,\n  \n"",""\na\n\n', [['a']]],
  ])('reads %s', (_what, text, rows) => {
    expect(read(text)).toEqual(rows);
    expect(read(text, { chunk: 1 })).toEqual(rows);
  });

  it.each([
    ['a quote that is not closed', 'a\nb\n"c\nd', 'line 3'],
    ['a quote inside a value', 'a\nb"c\n', 'line 2'],
    ['text after a closing quote', '"a\nb"\n"c"d\n', 'line 3'],
    ['a row that is too long', `a\n${'x'.repeat(ROW_BYTES_MAX + 1)}\n`, 'line 2 is longer'],
    ['a row that is too long in bytes', `a\n${'€'.repeat(ROW_BYTES_MAX / 2)}\n`, 'line 2 is longer'],
    ['a row without an end', `a\n${'x'.repeat(ROW_BYTES_MAX + 1)}`, 'line 2 is longer'],
    ['a quote that makes the rest one row', `a\n"${'x\n'.repeat(ROW_BYTES_MAX)}`, 'line 2 is longer'],
  ])('refuses %s, and names its line', (_what, text, at) => {
    expect(() => read(text)).toThrow(at);
    expect(() => read(text, { chunk: 3 })).toThrow(at);
  });
});
