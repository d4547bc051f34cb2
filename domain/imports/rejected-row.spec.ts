import { parse } from 'csv-parse/sync';
import { readHeaders } from './csv-headers.js';
import { cellsByHeader, keptHeaders, mendRow, rejectedHeaderLine, rejectedLine } from './rejected-row.js';
import type { RecipientOptions } from '../recipients/recipient-row.js';

const OPTIONS: RecipientOptions = { hoursIn: 'batch' };

function columnsOf(headers: string[]) {
  const result = readHeaders(headers, OPTIONS);
  if (!result.ok) throw new Error(result.message);
  return result.columns;
}

describe('a rejected row', () => {
  it('is kept by header, without what has none, and with what is beyond the headers', () => {
    const columns = columnsOf(['phone_number', '', '__proto__']);
    expect(keptHeaders(columns)).toEqual(['phone_number', '__proto__']);
    expect(Object.entries(cellsByHeader(columns, ['x', 'out', 'p', 'more', 'most']))).toEqual([
      ['phone_number', 'x'],
      ['__proto__', 'p'],
      ['column 4', 'more'],
      ['column 5', 'most'],
    ]);
  });

  it('keeps a variable apart that is called like a cell beyond the headers', () => {
    const columns = columnsOf(['phone_number', 'column 3']);
    expect(cellsByHeader(columns, ['x', 'mine', 'extra'])).toEqual({
      phone_number: 'x',
      'column 3': 'mine',
      'column 3*': 'extra',
    });
  });

  it('of one of our exports is kept as it was before the export', () => {
    expect(cellsByHeader(columnsOf(['phone_number', 'a', 'error']), ["'+1", "'=x", 'why'])).toEqual({
      phone_number: '+1',
      a: '=x',
    });
  });

  it('is mended by its headers alone, whatever the order in which its cells are kept', () => {
    const headers = ['zeta', 'phone_number', 'b'];
    const cells = { b: '', phone_number: 'x', zeta: 'z', 'column 10': 'ten', 'column 4': 'four' };
    const still = mendRow({ headers, cells }, { phone_number: '+12025550123' }, OPTIONS);
    expect(still).toMatchObject({ checked: { ok: false, errors: [{ code: 'too_many_cells' }] }, unknownHeaders: [] });
    const mended = mendRow({ headers, cells: still.cells }, { 'column 10': '', 'column 4': ' ', b: '=1' }, OPTIONS);
    expect(mended.checked).toMatchObject({ ok: true, recipient: { variables: { zeta: 'z', b: '=1' } } });
    expect(mendRow({ headers, cells }, { Zeta: 'x', phone_number: '1' }, OPTIONS).unknownHeaders).toEqual(['Zeta']);
  });

  it('is written with what is wrong below `error`, and what is beyond the headers after it', () => {
    const headers = ['phone_number', 'b'];
    const cells = { b: "'=x", phone_number: '+1', 'column 10': 'ten', 'column 3': '=three' };
    const text = rejectedHeaderLine(headers) + rejectedLine(headers, cells, [{ message: 'one' }, { message: 'two' }]);
    expect(parse(text, { relax_column_count: true })).toEqual([
      ['phone_number', 'b', 'error'],
      ["'+1", "''=x", 'one; two', "'=three", 'ten'],
    ]);
  });
});
