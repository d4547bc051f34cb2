import { parse } from 'csv-parse/sync';
import { csvLine, neutraliseCell, restoreCell } from './csv-export.js';

describe('a cell of a file that we write', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+12025550123', "'+12025550123"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', "'\r=1"],
    ["'=1", "''=1"],
    ['@x', "'@x"],
    ["'tis", "'tis"],
    ["'", "'"],
    ['', ''],
    ['a=1', 'a=1'],
    [' =1', ' =1'],
    ['1-2', '1-2'],
  ])('%j is written as %j, and read back as it was', (text, written) => {
    expect(neutraliseCell(text)).toBe(written);
    expect(restoreCell(written)).toBe(text);
  });

  it.each([['a,b'], ['say "hi"'], ['two\nlines'], ['\r'], [';'], ['\t'], [' padded '], ['"'], ['=a,"b"']])(
    '%j keeps its separators and quotes',
    (text) => {
      const [cells = []] = parse(csvLine([text, 'x'])) as string[][];
      expect(cells.map(restoreCell)).toEqual([text, 'x']);
    },
  );
});

describe('numbers of a file that a program reads', () => {
  it.each(['+12025550123', '-1', '-1.5', '7', '+0'])('%s is written as it is', (text) => {
    expect(csvLine([text], { plainNumbers: true })).toBe(`${text}\r\n`);
    expect(restoreCell(text)).toBe(text);
  });

  it.each(['+1+1', '-1-1', '=1', '+1;ext=2', '-A1', '+', '@1', '\t1', "'+1", '+1e5', `+${'1'.repeat(31)}`])(
    '%j is no number, and shown by a spreadsheet as it is',
    (text) => {
      expect(csvLine([text], { plainNumbers: true })).toBe(csvLine([text]));
    },
  );
});
