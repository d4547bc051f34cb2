import { foldHeader } from './columns.js';
import { COLUMNS_MAX, readHeaders, type HeaderOptions } from './csv-headers.js';

const IN_BATCH_HOURS: HeaderOptions = { hoursIn: 'batch' };

function fieldOf(header: string, options: HeaderOptions = IN_BATCH_HOURS): string {
  const result = readHeaders(header === 'phone_number' ? [header] : ['phone_number', header], options);
  if (!result.ok) throw new Error(result.message);
  const column = result.columns.at(-1);
  return column?.kind === 'reserved' ? column.field : (column?.kind ?? '');
}

describe('readHeaders', () => {
  it.each([
    'phone_number',
    'phoneNumber',
    'phone number',
    'Phone Number',
    'PHONE-NUMBER',
    ' phone__number ',
    'PhoneNumber',
  ])('reads %j as the number to call', (header) => {
    const result = readHeaders([header], IN_BATCH_HOURS);
    expect(result).toEqual({ ok: true, columns: [{ kind: 'reserved', field: 'phoneNumber', header }], warnings: [] });
  });

  it.each([
    ['name', 'name'],
    ['Name', 'name'],
    ['ignore_e164_validation', 'ignoreE164Validation'],
    ['ignoreE164Validation', 'ignoreE164Validation'],
    ['ignore e164 validation', 'ignoreE164Validation'],
    ['override agent id', 'overrideAgentId'],
    ['overrideAgentID', 'overrideAgentId'],
    ['override_agent_version', 'overrideAgentVersion'],
    ['metadata', 'metadata'],
    ['custom_sip_headers', 'customSipHeaders'],
    ['customSIPHeaders', 'customSipHeaders'],
    ['first_name', 'variable'],
    ['phone', 'variable'],
    ['full name', 'variable'],
    ['__proto__', 'variable'],
    ['constructor', 'variable'],
  ])('reads %j as %s', (header, field) => {
    expect(fieldOf(header)).toBe(field);
  });

  it.each(['timezone', 'time_zone', 'timeZone', 'Time Zone'])(
    'reads %j only when the batch keeps the recipients’ hours',
    (header) => {
      expect(fieldOf(header, { hoursIn: 'recipient' })).toBe('timeZone');
      expect(fieldOf(header, { hoursIn: 'batch' })).toBe('variable');
    },
  );

  it('keeps the exact header of a variable, spaces included, and warns of the spaces', () => {
    const result = readHeaders(['phone_number', ' First Name'], IN_BATCH_HOURS);
    expect(result).toMatchObject({ ok: true, warnings: [{ column: 2, code: 'outer_spaces' }] });
    expect(result.ok && result.columns[1]).toEqual({ kind: 'variable', header: ' First Name' });
  });

  it('leaves out a blank header and warns', () => {
    const result = readHeaders(['phone_number', ' ', 'city', ''], IN_BATCH_HOURS);
    expect(result).toMatchObject({
      ok: true,
      columns: [{ kind: 'reserved' }, { kind: 'ignored' }, { kind: 'variable' }, { kind: 'ignored' }],
      warnings: [
        { column: 2, code: 'blank_header' },
        { column: 4, code: 'blank_header' },
      ],
    });
  });

  it('keeps variables that differ only in spelling apart, and warns', () => {
    const result = readHeaders(['phone_number', 'first_name', 'First Name'], IN_BATCH_HOURS);
    expect(result).toMatchObject({ ok: true, warnings: [{ column: 3, code: 'similar_headers' }] });
  });

  it('ignores a byte order mark before the first header', () => {
    expect(readHeaders(['\ufeffphone_number'], IN_BATCH_HOURS)).toMatchObject({
      ok: true,
      columns: [{ header: 'phone_number' }],
    });
  });

  it.each(['error', 'dialwright_status', 'dialwright_variable Phone Number'])(
    'takes %j for a column of our own exports: it is left out, with a warning, and headers are restored',
    (header) => {
      const result = readHeaders(['phone_number', "'=x", header], IN_BATCH_HOURS);
      expect(result).toMatchObject({
        ok: true,
        columns: [
          { kind: 'reserved', isExport: true },
          { kind: 'variable', header: '=x', isExport: true },
          { kind: 'ignored', isExport: true },
        ],
        warnings: [{ column: 3, code: 'export_column' }],
      });
    },
  );

  it.each(['Error', ' error', 'errors', 'Dialwright_status'])('takes %j for a variable', (header) => {
    expect(readHeaders(['phone_number', "'=x", header], IN_BATCH_HOURS)).toMatchObject({
      columns: [{}, { header: "'=x" }, { kind: 'variable' }],
    });
  });

  it.each([
    ['an empty row', [], 'no_headers', 'first row'],
    ['only blank headers', ['', ' '], 'no_headers', 'first row'],
    [
      'two phone columns',
      ['phone_number', 'city', 'phoneNumber'],
      'duplicate_column',
      "Columns 1 ('phone_number') and 3 ('phoneNumber')",
    ],
    [
      'two flags',
      ['phone_number', 'ignoreE164Validation', 'ignore e164 validation'],
      'duplicate_column',
      'ignore e164 validation',
    ],
    [
      'the same variable twice',
      ['phone_number', 'city', 'city'],
      'duplicate_variable',
      "Columns 2 ('city') and 3 ('city')",
    ],
    ['no phone column', ['name', 'city'], 'no_phone_column', 'no phone_number column'],
    ['a phone column under another name', ['mobile', 'city'], 'no_phone_column', "rename 'mobile'"],
    ['data in the first row', ['+12025550123', 'Ana'], 'no_phone_column', 'looks like data'],
    ['a NUL byte', ['phone_number', 'ci\0ty'], 'header_not_text', 'Column 2'],
  ])('refuses the file with %s', (_what, cells, code, message) => {
    expect(readHeaders(cells, IN_BATCH_HOURS)).toEqual({ ok: false, code, message: expect.stringContaining(message) });
  });

  it('allows as many columns as the setting says and no more', () => {
    const cells = ['phone_number', ...Array.from({ length: COLUMNS_MAX - 1 }, (_, index) => `v${index}`)];
    expect(readHeaders(cells, IN_BATCH_HOURS).ok).toBe(true);
    expect(readHeaders([...cells, 'one more'], IN_BATCH_HOURS)).toMatchObject({ ok: false, code: 'too_many_columns' });
    expect(readHeaders(cells, { ...IN_BATCH_HOURS, columnsMax: 10 })).toMatchObject({
      ok: false,
      code: 'too_many_columns',
    });
  });
});

describe('foldHeader', () => {
  it.each([
    ['customSIPHeaders', 'custom sip headers'],
    ['PHONE_NUMBER', 'phone number'],
    ['ignoreE164Validation', 'ignore e164 validation'],
    ['  a _-_ b ', 'a b'],
  ])('folds %j to %j', (header, folded) => {
    expect(foldHeader(header)).toBe(folded);
  });
});
