import { readHeaders } from '../imports/csv-headers.js';
import { checkJsonRecipient } from './json-recipient.js';
import { checkCsvRow, type RecipientOptions, type RecipientResult } from './recipient-row.js';

const IN_BATCH_HOURS: RecipientOptions = { hoursIn: 'batch' };
const PHONE = '+12025550123';

function check(changes: Record<string, unknown>, options = IN_BATCH_HOURS) {
  return checkJsonRecipient({ phoneNumber: PHONE, ...changes }, options);
}

describe('checkJsonRecipient', () => {
  it('turns a full recipient into a draft', () => {
    const result = check({
      name: 'Ana',
      ignoreE164Validation: false,
      overrideAgentId: 'agent_1',
      overrideAgentVersion: '7',
      metadata: { customer: { id: 1 } },
      customSipHeaders: { 'X-Customer': '1' },
      variables: { city: ' Cádiz ' },
      notBefore: '2026-12-01T08:00:00Z',
      notAfter: '2026-12-01T12:00:00+02:00',
    });
    expect(result).toEqual({
      ok: true,
      recipient: {
        phone: PHONE,
        country: 'US',
        repaired: false,
        original: null,
        name: 'Ana',
        variables: { city: ' Cádiz ', name: 'Ana' },
        metadata: { customer: { id: 1 } },
        sipHeaders: { 'X-Customer': '1' },
        skipPhoneCheck: false,
        overrideAgentId: 'agent_1',
        overrideAgentVersion: '7',
        timeZone: null,
        notBefore: new Date('2026-12-01T08:00:00Z'),
        notAfter: new Date('2026-12-01T10:00:00Z'),
      },
      warnings: [],
    });
  });

  it('lets an explicit variable called name keep its own value', () => {
    expect(check({ name: 'Ana García', variables: { name: 'Ana' } })).toMatchObject({
      recipient: { name: 'Ana García', variables: { name: 'Ana' } },
    });
  });

  it('does not change the request it was given', () => {
    const variables = {};
    check({ name: 'Ana', variables });
    expect(variables).toEqual({});
  });

  it('takes null for a field left out', () => {
    expect(check({ name: null, metadata: null, variables: null, notBefore: null })).toMatchObject({
      ok: true,
      recipient: { name: null, notBefore: null },
    });
  });

  it.each([
    ['a text', 'x'],
    ['null', null],
    ['a list', [PHONE]],
  ])('rejects %s in place of a recipient', (_what, value) => {
    expect(checkJsonRecipient(value, IN_BATCH_HOURS)).toMatchObject({ ok: false, errors: [{ code: 'not_an_object' }] });
  });

  it.each([
    ['an unknown field', { phone: PHONE }, 'phone', 'unknown_field'],
    ['a time zone in a batch with its own hours', { timeZone: 'Asia/Tokyo' }, 'timeZone', 'unknown_field'],
    ['a name that lost a character', { name: 'Zo\ufffd' }, 'name', 'text_broken'],
    ['a phone that is a number', { phoneNumber: 12025550123 }, 'phoneNumber', 'wrong_type'],
    ['no phone', { phoneNumber: undefined }, 'phoneNumber', 'wrong_type'],
    ['a bad phone', { phoneNumber: '12a' }, 'phoneNumber', 'phone_not_digits'],
    ['a flag as text', { ignoreE164Validation: 'yes' }, 'ignoreE164Validation', 'wrong_type'],
    ['a variable that is a number', { variables: { age: 7 } }, 'variables.age', 'wrong_type'],
    ['variables as a list', { variables: ['x'] }, 'variables', 'wrong_type'],
    ['metadata as text', { metadata: '{}' }, 'metadata', 'wrong_type'],
    ['our own metadata key', { metadata: { dialwright_attempt_id: 'x' } }, 'metadata', 'metadata_key_reserved'],
    ['a NUL in the name', { name: 'a\0' }, 'name', 'text_broken'],
    ['half a surrogate pair in a variable', { variables: { x: '\ud83d' } }, 'variables.x', 'text_broken'],
    ['a local time', { notBefore: '2026-12-01T08:00' }, 'notBefore', 'not_a_time'],
    ['an empty period', { notBefore: '2026-12-01T08:00Z', notAfter: '2026-12-01T08:00Z' }, 'notAfter', 'empty_period'],
  ])('rejects %s', (_what, changes, field, code) => {
    expect(check(changes)).toMatchObject({ ok: false, errors: [{ field, code }] });
  });

  it('accepts a time zone in a batch that keeps the recipients’ hours', () => {
    expect(check({ timeZone: 'Asia/Tokyo' }, { hoursIn: 'recipient' })).toMatchObject({
      ok: true,
      recipient: { timeZone: 'Asia/Tokyo', variables: { timezone: 'Asia/Tokyo' } },
    });
  });
});

/** The same recipient as a row of a CSV: each field in a column of its name. */
function checkAsCsv(recipient: Record<string, unknown>, options: RecipientOptions): RecipientResult {
  const { variables = {}, ...fields } = recipient;
  const entries = [...Object.entries(fields), ...Object.entries(variables as object)];
  const read = readHeaders(
    entries.map(([key]) => key),
    options,
  );
  if (!read.ok) throw new Error(read.message);
  const cells = entries.map(([, value]) => (typeof value === 'string' ? value : JSON.stringify(value)));
  return checkCsvRow(read.columns, cells, options);
}

describe('a recipient as JSON and as a row of a CSV', () => {
  const options: RecipientOptions = {
    hoursIn: 'recipient',
    knownAgentIds: new Set(['agent-1']),
    skipFlagSupported: false,
  };
  it.each([
    ...['', ' ', '12a', '1.2E+10', '12025550123', '+1202', '+15555550100', '0012025550123', "'+12025550123"].map(
      (phoneNumber) => ({ phoneNumber }),
    ),
    ...['+12025550123.0', '+1 (202) 555-0123', '\ufeff+12025550123', '+4402079460123', `+${'1'.repeat(40)}`].map(
      (phoneNumber) => ({ phoneNumber }),
    ),
    { phoneNumber: '5555550100', ignoreE164Validation: true },
    { phoneNumber: '123', ignoreE164Validation: true },
    { phoneNumber: PHONE, name: ' Ana ' },
    { phoneNumber: PHONE, name: '' },
    { phoneNumber: PHONE, name: 'a\0b' },
    { phoneNumber: PHONE, overrideAgentId: ' agent-1 ' },
    { phoneNumber: PHONE, overrideAgentId: 'agent-2', overrideAgentVersion: ' 7 ' },
    { phoneNumber: PHONE, timeZone: 'Asia/Tokyo' },
    { phoneNumber: PHONE, timeZone: '+09:00' },
    { phoneNumber: PHONE, metadata: { a: [1, null], dialwright_attempt_id: 'x' } },
    { phoneNumber: PHONE, metadata: { a: { b: 'x\0' } } },
    { phoneNumber: PHONE, metadata: { n: 1e20 } },
    { phoneNumber: PHONE, customSipHeaders: { 'X-A': '1', Via: 'x', 'X-B': 1, 'X-C': 'a\r\nb' } },
    { phoneNumber: PHONE, variables: { __proto: '', 'First Name': '=1+1', b: '\ud83d' } },
    { phoneNumber: '12a', metadata: { dialwright_attempt_id: 1 }, overrideAgentId: 'agent-2', variables: { a: 'x\0' } },
  ])('are decided alike, with the same errors and warnings: %j', (recipient) => {
    expect(checkJsonRecipient(recipient, options)).toEqual(checkAsCsv(recipient, options));
  });
});
