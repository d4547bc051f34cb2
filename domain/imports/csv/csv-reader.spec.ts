import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { CsvReader } from './csv-reader.js';

const ROW_BYTES_MAX = 1_000;

/** Rows in their order; a bad one is its code and the cells that are shown of it. */
function read(
  text: string,
  { delimiter = ',', chunk = text.length || 1, rowBytesMax = ROW_BYTES_MAX } = {},
): string[][] {
  const rows: string[][] = [];
  const reader = new CsvReader({
    delimiter,
    rowBytesMax,
    onRow: (cells) => rows.push(cells),
    onBadRow: ({ cells, problem }) => rows.push([`(${problem.code})`, ...cells]),
  });
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

  it('reads any text with LF line ends as csv-parse does, unless csv-parse refuses the file: then no line is lost', () => {
    const options = { relax_column_count: true, skip_empty_lines: true, skip_records_with_empty_values: true };
    const theirsOf = (csv: string): string[][] | null => {
      try {
        return parse(csv, { ...options, record_delimiter: '\n' }) as string[][];
      } catch {
        return null;
      }
    };
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '"', '"', ',', '\n', ' '), maxLength: 30 });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 5 }), (csv, chunk) => {
        const theirs = theirsOf(csv);
        if (theirs) return expect(read(csv, { chunk })).toEqual(theirs);
        const letters = (value: string): string => value.replaceAll(/[^ab]/g, '');
        expect(
          letters(
            read(csv, { chunk })
              .flatMap((row) => row.filter((c) => !c.startsWith('(row')))
              .join(),
          ),
        ).toBe(letters(csv));
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

  const long = 'x'.repeat(ROW_BYTES_MAX + 1);
  it.each<[string, string, string[]]>([
    ['a quote that is never closed', '"c,1', ['(row_quotes)', '"c', '1']],
    ['a quote alone inside a value', 'b"c,1', ['(row_quotes)', 'b"c', '1']],
    ['text after a closing quote', '"c"d,1', ['(row_quotes)', '"c"d', '1']],
    ['quotes inside a quoted value', '"say "hi" now",1', ['(row_quotes)', '"say "hi" now"', '1']],
    ['a line that is too long', `c,${long}`, ['(row_too_long)', 'c', `${'x'.repeat(498)}…\ufffd`]],
    ['a line too long in bytes', '€'.repeat(ROW_BYTES_MAX / 2), ['(row_too_long)', '€'.repeat(500)]],
    [
      'a quoted row too long',
      `"${'x\n'.repeat(ROW_BYTES_MAX)}",1`,
      ['(row_too_long)', `"${'x\n'.repeat(249)}x…\ufffd`],
    ],
    ['a pair of quotes in a value', 'say "hi" now,1', ['say "hi" now', '1']],
    ['a formula', '="+12025550111",1', ['="+12025550111"', '1']],
    ['a formula with a separator', '="Lima, Ana",1', ['="Lima, Ana"', '1']],
  ])('goes on after %s, wherever the file is cut', (_what, line, row) => {
    const shown = row[0] === '(row_too_long)' && row[1]!.startsWith('€') ? [row[0], row[1]!] : row;
    for (const chunk of [1, 7, 1_000_000]) {
      expect(read(`a,b\n${line}\ny,z\n"v","w"\n`, { chunk })).toEqual([['a', 'b'], shown, ['y', 'z'], ['v', 'w']]);
      expect(read(`a,b\n${line}`, { chunk })).toEqual([['a', 'b'], shown]);
    }
  });

  it('loses one row to a quote that nobody closes, however long the rest is', () => {
    const rest = Array.from({ length: 20_000 }, (_, index) => [`r${index}`, 'x']);
    const text = `a,b\n"open,1\n${rest.map((row) => row.join(',')).join('\n')}\n`;
    expect(read(text, { chunk: 4_096 })).toEqual([['a', 'b'], ['(row_quotes)', '"open', '1'], ...rest]);
  });

  it('keeps nothing that an edit could take for the whole of what was cut off', () => {
    for (const row of read(`a\n${long}\n${'🙂'.repeat(ROW_BYTES_MAX)}\n`).slice(1))
      expect(row.at(-1)).toMatch(/[x🙂]…\ufffd$/u);
  });

  it('does not read the rest of the file again for each quote that misleads', () => {
    const lines = ['"a\n', '"a""\n', 'a","\n', '"",""""\n', '","\n', '="a\n', '""a\n', '"\r', 'x,"""\n', '""","\n'];
    const timeOf = (line: string): number => {
      const text = line.repeat(Math.ceil(300_000 / line.length));
      const startedMs = performance.now();
      read(text, { chunk: 32_768, rowBytesMax: 65_536 });
      return performance.now() - startedMs;
    };
    // Some 50 ms; reading it again would take minutes.
    for (const line of lines) expect([line, timeOf(line) < 10_000]).toEqual([line, true]);
  });
});
