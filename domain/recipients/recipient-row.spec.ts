import type { Column } from '../imports/columns.js';
import { readHeaders } from '../imports/csv-headers.js';
import { rowMessage } from '../field-problem.js';
import { checkCsvRow, type RecipientOptions, type RecipientResult } from './recipient-row.js';

const IN_BATCH_HOURS: RecipientOptions = { hoursIn: 'batch' };
const PHONE = '+12025550123';

function columnsOf(headers: string[], hoursIn: 'batch' | 'recipient' = 'batch'): Column[] {
  const result = readHeaders(headers, { hoursIn });
  if (!result.ok) throw new Error(result.message);
  return result.columns;
}

/** A row with a good phone and the one cell that the test is about. */
function checkCell(header: string, cell: string, options: RecipientOptions = IN_BATCH_HOURS): RecipientResult {
  return checkCsvRow(columnsOf(['phone_number', header], options.hoursIn), [PHONE, cell], options);
}

function errorsOf(result: RecipientResult): { field: string; code: string; message: string }[] {
  return result.ok ? [] : result.errors;
}

describe('checkCsvRow', () => {
  it('turns a full row into a recipient', () => {
    const headers = [
      'phone_number',
      'name',
      'ignore_e164_validation',
      'override agent id',
      'override agent version',
      'metadata',
      'custom_sip_headers',
      'city',
    ];
    const cells = [
      ' +1 (202) 555-0123',
      'Ana',
      'false',
      ' agent_1 ',
      'v7',
      '{"customer_id":"c1","tags":["a"]}',
      '{"X-Customer":"1"}',
      'Cádiz',
    ];
    expect(checkCsvRow(columnsOf(headers), cells, IN_BATCH_HOURS)).toEqual({
      ok: true,
      recipient: {
        phone: PHONE,
        country: 'US',
        repaired: true,
        original: ' +1 (202) 555-0123',
        name: 'Ana',
        variables: { name: 'Ana', city: 'Cádiz' },
        metadata: { customer_id: 'c1', tags: ['a'] },
        sipHeaders: { 'X-Customer': '1' },
        skipPhoneCheck: false,
        overrideAgentId: 'agent_1',
        overrideAgentVersion: 'v7',
        timeZone: null,
        notBefore: null,
        notAfter: null,
      },
      warnings: [],
    });
  });

  it.each(['', ' ', ' padded ', 'quoted "x"', 'two\nlines', '=1+1', '{{x}}', '漢字 🙂', 'NULL', '\ufeffx'])(
    'passes the variable %j on byte for byte',
    (cell) => {
      const result = checkCell('First Name', cell);
      expect(result.ok && result.recipient.variables).toEqual({ 'First Name': cell });
    },
  );

  it('passes the name on as a variable, exactly as written, also when it is empty', () => {
    expect(checkCell('Name', ' Ana ')).toMatchObject({
      ok: true,
      recipient: { name: 'Ana', variables: { name: ' Ana ' } },
    });
    expect(checkCell('name', '')).toMatchObject({ ok: true, recipient: { name: null, variables: { name: '' } } });
  });

  it('gives no name variable to a file without a name column', () => {
    expect(checkCell('city', 'x')).toMatchObject({ recipient: { name: null, variables: { city: 'x' } } });
  });

  it('takes a column called __proto__ for a variable like any other', () => {
    const result = checkCell('__proto__', 'x');
    expect(result.ok && Object.entries(result.recipient.variables)).toEqual([['__proto__', 'x']]);
  });

  it.each([
    ['true', true],
    ['TRUE', true],
    [' True ', true],
    ['1', true],
    ['yes', true],
    ['Y', true],
    ['false', false],
    ['FALSE', false],
    ['0', false],
    ['no', false],
    ['n', false],
    ['', false],
    ['  ', false],
  ])('reads the flag %j as %s', (cell, skipPhoneCheck) => {
    expect(checkCell('ignore_e164_validation', cell)).toMatchObject({ ok: true, recipient: { skipPhoneCheck } });
  });

  it.each(['maybe', '2', 'si', 'null'])('rejects the flag %j', (cell) => {
    expect(errorsOf(checkCell('ignore_e164_validation', cell))).toMatchObject([
      { field: 'ignoreE164Validation', code: 'not_a_flag' },
    ]);
  });

  it('drops only the E.164 rule when the flag is set', () => {
    const columns = columnsOf(['phone_number', 'ignore_e164_validation']);
    expect(checkCsvRow(columns, ['(555) 555-0100', 'yes'], IN_BATCH_HOURS)).toMatchObject({
      ok: true,
      recipient: { phone: '5555550100', country: null },
    });
    expect(errorsOf(checkCsvRow(columns, ['123', 'yes'], IN_BATCH_HOURS))).toMatchObject([{ code: 'phone_too_short' }]);
    expect(checkCsvRow(columns, ['123', 'yes'], { ...IN_BATCH_HOURS, minDigits: 3 })).toMatchObject({ ok: true });
  });

  it('warns when the provider cannot be told of the flag', () => {
    const options = { ...IN_BATCH_HOURS, skipFlagSupported: false };
    expect(checkCell('ignore_e164_validation', 'yes', options)).toMatchObject({
      ok: true,
      warnings: [{ code: 'flag_not_supported' }],
    });
    expect(checkCell('ignore_e164_validation', 'no', options)).toMatchObject({ ok: true, warnings: [] });
  });

  it('reads a number without + in the default country', () => {
    const result = checkCsvRow(columnsOf(['phone_number']), ['612 345 678'], {
      ...IN_BATCH_HOURS,
      defaultCountry: 'ES',
    });
    expect(result).toMatchObject({ ok: true, recipient: { phone: '+34612345678', country: 'ES', repaired: true } });
  });

  it('knows which agents may be named', () => {
    const options = { ...IN_BATCH_HOURS, knownAgentIds: new Set(['agent_1']) };
    expect(checkCell('override agent id', 'agent_1', options)).toMatchObject({ ok: true });
    expect(checkCell('override agent id', '', options)).toMatchObject({
      ok: true,
      recipient: { overrideAgentId: null },
    });
    expect(errorsOf(checkCell('override agent id', 'agent_2', options))).toMatchObject([
      { field: 'overrideAgentId', code: 'agent_unknown' },
    ]);
    expect(checkCell('override agent id', 'agent_2')).toMatchObject({ ok: true });
  });

  it.each(['', '  ', '{}'])('takes the metadata %j for none', (cell) => {
    expect(checkCell('metadata', cell)).toMatchObject({ ok: true, recipient: { metadata: {} } });
  });

  it.each([
    ['customer_id=1', 'not_a_json_object', 'is not JSON'],
    ["{'a':1}", 'not_a_json_object', 'is not JSON'],
    ['[1]', 'not_a_json_object', 'not an object'],
    ['"text"', 'not_a_json_object', 'not an object'],
    ['null', 'not_a_json_object', 'not an object'],
    ['12', 'not_a_json_object', 'not an object'],
    ['{"dialwright_attempt_id":"x"}', 'metadata_key_reserved', 'dialwright_attempt_id'],
    ['{"a":"\\u0000"}', 'text_broken', 'metadata.a'],
    ['{"a":[{"\\ud800":1}]}', 'text_broken', 'metadata.a.0'],
    [`{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 'metadata_too_deep', '32'],
  ])('rejects the metadata %.40j', (cell, code, message) => {
    expect(errorsOf(checkCell('metadata', cell))).toEqual([
      { field: 'metadata', code, message: expect.stringContaining(message) },
    ]);
  });

  it('warns of a number in metadata that is too long to keep its digits', () => {
    expect(checkCell('metadata', '{"id":12345678901234567890}')).toMatchObject({
      ok: true,
      warnings: [{ code: 'metadata_number_too_long' }],
    });
    expect(checkCell('metadata', '{"id":"12345678901234567890","n":1.5}')).toMatchObject({ ok: true, warnings: [] });
  });

  it.each([
    ['X-Customer: 1', 'not_a_json_object'],
    ['["X-A"]', 'not_a_json_object'],
    ['{"Customer":"1"}', 'sip_header_name'],
    ['{"X-":"1"}', 'sip_header_name'],
    ['{"X-A\\r\\nVia":"1"}', 'sip_header_name'],
    ['{"X-A":1}', 'sip_header_value'],
    ['{"X-A":null}', 'sip_header_value'],
    ['{"X-A":"1\\r\\nVia: x"}', 'sip_header_value'],
  ])('rejects the SIP headers %j', (cell, code) => {
    expect(errorsOf(checkCell('custom_sip_headers', cell))).toMatchObject([{ field: 'customSipHeaders', code }]);
  });

  it('reads time zones only when the batch keeps the recipients’ hours, and passes them on as a variable', () => {
    const inRecipientHours: RecipientOptions = { hoursIn: 'recipient' };
    expect(checkCell('timezone', 'Asia/Tokyo', inRecipientHours)).toMatchObject({
      ok: true,
      recipient: { timeZone: 'Asia/Tokyo', variables: { timezone: 'Asia/Tokyo' } },
    });
    expect(checkCell('timezone', '', inRecipientHours)).toMatchObject({ ok: true, recipient: { timeZone: null } });
    expect(errorsOf(checkCell('timezone', '+09:00', inRecipientHours))).toMatchObject([
      { field: 'timeZone', code: 'time_zone_unknown' },
    ]);
    expect(checkCell('timezone', 'Asia/Tokyo')).toMatchObject({
      ok: true,
      recipient: { timeZone: null, variables: { timezone: 'Asia/Tokyo' } },
    });
    expect(errorsOf(checkCell('timezone', 'anything'))).toMatchObject([
      { field: 'variables.timezone', code: 'time_zone_unknown' },
    ]);
  });

  it.each([
    ['name', 'name'],
    ['city', 'variables.city'],
    ['metadata', 'metadata'],
    ['override agent version', 'overrideAgentVersion'],
  ])('rejects a NUL byte or half a surrogate pair in %s', (header, field) => {
    expect(errorsOf(checkCell(header, 'a\0b'))).toMatchObject([{ field, code: 'text_broken' }]);
    expect(errorsOf(checkCell(header, 'a\ud83d'))).toMatchObject([{ field, code: 'text_broken' }]);
  });

  it('reports a NUL byte in the phone once', () => {
    expect(errorsOf(checkCsvRow(columnsOf(['phone_number']), ['+1202555\u00000123'], IN_BATCH_HOURS))).toMatchObject([
      { field: 'phoneNumber', code: 'text_broken' },
    ]);
  });

  it('reads missing cells as empty, with a warning', () => {
    const result = checkCsvRow(columnsOf(['phone_number', 'name', 'city']), [PHONE], IN_BATCH_HOURS);
    expect(result).toMatchObject({
      ok: true,
      recipient: { name: null, variables: { name: '', city: '' } },
      warnings: [{ code: 'missing_cells' }],
    });
  });

  it('rejects a row with more cells than headers, unless they are blank', () => {
    const columns = columnsOf(['phone_number', 'name']);
    expect(errorsOf(checkCsvRow(columns, [PHONE, 'Ana', 'García'], IN_BATCH_HOURS))).toMatchObject([
      { field: 'row', code: 'too_many_cells' },
    ]);
    expect(checkCsvRow(columns, [PHONE, 'Ana', '', ' '], IN_BATCH_HOURS)).toMatchObject({ ok: true, warnings: [] });
  });

  it('leaves out a cell below a blank header, and warns when it held something', () => {
    const columns = columnsOf(['phone_number', '']);
    expect(checkCsvRow(columns, [PHONE, 'x'], IN_BATCH_HOURS)).toMatchObject({
      ok: true,
      recipient: { variables: {} },
      warnings: [{ code: 'cell_without_header' }],
    });
    expect(checkCsvRow(columns, [PHONE, ' '], IN_BATCH_HOURS)).toMatchObject({ ok: true, warnings: [] });
  });

  it.each(["'+12025550123", '00 1 202 555 0123', '+1 (202) 555-0123', '+12025550123.0'])(
    'keeps the phone %j as it was written beside the repaired one',
    (original) => {
      expect(checkCsvRow(columnsOf(['phone_number']), [original], IN_BATCH_HOURS)).toMatchObject({
        ok: true,
        recipient: { phone: PHONE, repaired: true, original },
      });
    },
  );

  it('restores the cells of our own exports, and of no other file', () => {
    const cells = [`'${PHONE}`, "'=1+1", "''@x", "'tis", 'left out'];
    const exported = columnsOf(['phone_number', 'a', 'b', 'c', 'error']);
    expect(checkCsvRow(exported, cells, IN_BATCH_HOURS)).toMatchObject({
      ok: true,
      recipient: { repaired: false, variables: { a: '=1+1', b: "'@x", c: "'tis" } },
      warnings: [],
    });
    expect(checkCsvRow(columnsOf(['phone_number', 'a', 'b', 'c', 'd']), cells, IN_BATCH_HOURS)).toMatchObject({
      ok: true,
      recipient: { repaired: true, variables: { a: "'=1+1", b: "''@x" } },
    });
  });

  it('reports every bad field of a row, not only the first', () => {
    const columns = columnsOf(['phone_number', 'metadata', 'custom_sip_headers', 'ignore_e164_validation']);
    const result = checkCsvRow(columns, ['12a', 'x', 'y', 'z'], IN_BATCH_HOURS);
    expect(
      errorsOf(result)
        .map((error) => error.field)
        .sort(),
    ).toEqual(['customSipHeaders', 'ignoreE164Validation', 'metadata', 'phoneNumber']);
  });

  it('says which row, what happened and what to write', () => {
    const [error] = errorsOf(checkCsvRow(columnsOf(['phone_number']), ['12a'], IN_BATCH_HOURS));
    expect(error && rowMessage(17, error)).toBe(
      "Row 17: phone '12a' is not a phone number; expected like +12025550123",
    );
  });
});
