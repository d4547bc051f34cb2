import type { Mutant } from './mutant.js';

const RULES = 'domain/recipients/phone-rules.spec.ts';
const ORDERS = 'domain/imports/order-columns.spec.ts';
const ONE_NUMBER = 'test/api/recipients/one-number.spec.ts';
const LIMITS = 'test/api/imports/upload-limits.spec.ts';

/** The person who was meant is called, or nobody. */
export const PERSON_MUTANTS: readonly Mutant[] = [
  {
    protection: 'person: a number that a spreadsheet calculated is rejected',
    file: 'domain/recipients/phone-text.ts',
    find: 'if (SIGNED.test(text) || IN_BRACKETS.test(text)) {',
    replace: 'if (IN_BRACKETS.test(text)) {',
    spec: RULES,
    title: 'a number that a spreadsheet calculated or rounded',
  },
  {
    protection: 'person: accounting brackets around a number reject it',
    file: 'domain/recipients/phone-text.ts',
    find: 'if (SIGNED.test(text) || IN_BRACKETS.test(text)) {',
    replace: 'if (SIGNED.test(text)) {',
    spec: RULES,
    title: 'a number that a spreadsheet calculated or rounded',
  },
  {
    protection: 'person: two readings that differ reject a number',
    file: 'domain/recipients/phone.ts',
    find: 'if (number && other) return ambiguous(raw, [number, other], fit);',
    replace: '',
    spec: RULES,
    title: 'a number without + and country code',
  },
  {
    protection: 'person: zeros that a spreadsheet dropped are a reading too',
    file: 'domain/recipients/phone-readings.ts',
    find: 'const own = [...national, ...zerosPutBack,',
    replace: 'const own = [...national,',
    spec: RULES,
    title: 'a number without + and country code',
  },
  {
    protection: 'person: in a country of numbers of many lengths another country’s reading counts',
    file: 'domain/recipients/phone-readings.ts',
    find: 'hasVariableLength(country) ? [foreign] : [];',
    replace: 'false ? [foreign] : [];',
    spec: RULES,
    title: 'a number without + and country code',
  },
  {
    protection: 'person: E.164 has at most 15 digits',
    file: 'domain/recipients/phone-readings.ts',
    find: ' || parsed.number.length > 1 + E164_DIGITS_MAX',
    replace: '',
    spec: RULES,
    title: 'E.164 has at most 15 digits',
  },
  {
    protection: 'person: costly numbers are rejected',
    file: 'domain/recipients/phone.ts',
    find: 'return type !== null && COSTLY_TYPES[type] !== undefined && !allowCostlyNumbers;',
    replace: 'return false;',
    spec: RULES,
    title: 'a number that costs more than others',
  },
  {
    protection: 'person: an extension is rejected',
    file: 'domain/recipients/phone-text.ts',
    find: 'if (EXTENSION_WORD.test(rest) || (isShort && EXTENSION_KEY.test(rest))) {',
    replace: 'if (false) {',
    spec: RULES,
    title: 'an extension',
  },
  {
    protection: 'person: letters that mean several zones are none',
    file: 'domain/hours/time-zone.ts',
    find: 'const timeZone = LIKE_A_NAME.test(name) ? zoneNames().get(name.toLowerCase()) : undefined;',
    replace:
      'const timeZone = LIKE_A_NAME.test(name) ? (zoneNames().get(name.toLowerCase()) ?? LIKELY[name.toUpperCase()]) : undefined;',
    spec: 'domain/hours/time-zone.spec.ts',
    title: 'refuses "EST"',
  },
  {
    protection: 'person: what is not clearly no forbids a call',
    file: 'domain/imports/order-columns.ts',
    find: "if (cell === '' || NO_WORDS.has(",
    replace: "if (cell !== 'yes' || NO_WORDS.has(",
    spec: ORDERS,
    title: 'a column that forbids calls',
  },
  {
    protection: 'person: a number whose check is skipped has the key of the number that it is',
    file: 'domain/recipients/phone-key.ts',
    find: 'const key = first?.phone ?? `+${bare}`;',
    replace: 'const key = `+${bare}`;',
    spec: ONE_NUMBER,
    title: 'gets one live call',
  },
  {
    protection: 'person: a file has a limit of rows',
    file: 'api/actions/uploads/read-csv.ts',
    find: 'if (this.#total > csvRowsMax)',
    replace: 'if (false)',
    spec: LIMITS,
    title: 'rows',
  },
];
