import { checkJsonRecipient } from './json-recipient.js';
import type { RecipientOptions } from './recipient-row.js';

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
    ['a phone that is a number', { phoneNumber: 12025550123 }, 'phoneNumber', 'wrong_type'],
    ['no phone', { phoneNumber: undefined }, 'phoneNumber', 'wrong_type'],
    ['a bad phone', { phoneNumber: '12a' }, 'phoneNumber', 'phone_not_digits'],
    ['a flag as text', { ignoreE164Validation: 'yes' }, 'ignoreE164Validation', 'wrong_type'],
    ['a variable that is a number', { variables: { age: 7 } }, 'variables.age', 'wrong_type'],
    ['variables as a list', { variables: ['x'] }, 'variables', 'wrong_type'],
    ['metadata as text', { metadata: '{}' }, 'metadata', 'wrong_type'],
    ['our own metadata key', { metadata: { callwright_attempt_id: 'x' } }, 'metadata', 'metadata_key_reserved'],
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
