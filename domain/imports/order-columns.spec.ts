import { describe, expect, it } from '@jest/globals';
import { foldHeader } from './columns.js';
import { readHeaders, type HeaderOptions } from './csv-headers.js';
import { forbiddenBy, isDoNotCall } from './order-columns.js';

const columnOf = (header: string, options: Partial<HeaderOptions> = {}) => {
  const read = readHeaders(['phone_number', header], { hoursIn: 'batch', ...options });
  if (!read.ok) throw new Error(read.message);
  return { column: read.columns[1]!, codes: read.warnings.map(({ code }) => code) };
};

describe('a column that forbids calls', () => {
  it.each([
    ...[
      'do_not_call',
      'doNotCall',
      'Do Not Call',
      'DO-NOT-CALL',
      'Do not call?',
      'DoNotCall',
      'donotcall',
      "Don't call",
    ],
    ...[
      'dnc',
      'DNC',
      'is_dnc',
      'DNC Flag',
      'on_dnc_list',
      'National DNC Registry',
      'Do Not Contact',
      'DND',
      'do_not_disturb',
    ],
    ...['opt_out', 'optOut', 'Opt-Out', 'opted out', 'has_opted_out', 'call_opt_out', 'Opt out (Y/N)', 'phone opt-out'],
    ...['unsubscribed', 'Unsubscribe', 'no_call', 'No Calls', 'do\u200b_not_call', 'suppressed'],
  ])('may be called %s; it stays a variable, and is obeyed', (header) => {
    expect(isDoNotCall(foldHeader(header))).toBe(true);
    expect(columnOf(header)).toEqual({ column: { kind: 'variable', header, checkedAs: 'doNotCall' }, codes: [] });
    expect(columnOf(header, { doNotCallColumns: 'variables' }).column).toEqual({ kind: 'variable', header });
  });

  it.each(['do_not_call_reason', 'sms_opt_out', 'email opt out', 'dnc_checked_at', 'opt_in', 'consent', 'Blacklisted'])(
    'is not %s, which a warning names',
    (header) => {
      expect(columnOf(header)).toEqual({ column: { kind: 'variable', header }, codes: ['order_without_effect'] });
    },
  );

  it.each(['', ' ', 'no', 'No', 'NO ', 'n', 'false', 'FALSE', '0', 'N/A', '-', 'null', 'n\u200bo', '\ufeff'])(
    'allows a call with %j',
    (cell) => {
      expect(forbiddenBy('dnc', cell)).toBeNull();
    },
  );

  it.each(['yes', 'Y', 'true', '1', 'x', 'X', '✓', 'DNC', '2024-01-01', 'unknown', 'maybe', 'não', '?', '00'])(
    'forbids it with %j: that is not clearly no',
    (cell) => {
      expect(forbiddenBy('dnc', cell)).toMatchObject({ field: 'variables.dnc', code: 'do_not_call' });
    },
  );
});

describe('a column that orders a time', () => {
  it.each([
    ['not_before', 'notBefore'],
    ['notBefore', 'notBefore'],
    ['Not Before', 'notBefore'],
    ['NOTBEFORE', 'notBefore'],
    ['call not before', 'notBefore'],
    ['not\u2060_after', 'notAfter'],
    ['notAfter', 'notAfter'],
    ['do_not_call_after', 'notAfter'],
  ])('may be called %s', (header, field) => {
    expect(columnOf(header)).toEqual({ column: { kind: 'reserved', field, header }, codes: [] });
  });

  it.each([
    'call_after',
    'Call time',
    'call at',
    'best_call_time',
    'scheduled_at',
    'schedule date',
    'expires_at',
    'tz',
    'Contact time zone',
    'not after (UTC)',
    'max_attempts',
    'caller_id',
    'from_number',
    'agent_id',
  ])('is not %s, which a warning names', (header) => {
    expect(columnOf(header)).toEqual({ column: { kind: 'variable', header }, codes: ['order_without_effect'] });
  });

  it.each([
    'name2',
    'appointment',
    'city',
    'call_notes',
    'start_date',
    'dynamic_variable1',
    'Plan',
    'notes',
    'callback_url',
    'priority',
    'constructor',
  ])('is not %s, of which nothing is said', (header) => {
    expect(columnOf(header).codes).toEqual([]);
  });

  it('takes no time for a header that is long', () => {
    expect(columnOf(`${'call '.repeat(12_000)}at`).column.kind).toBe('variable');
  });
});
