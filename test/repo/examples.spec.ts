import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { readHeaders } from '../../domain/imports/csv-headers.js';
import { checkCsvRow, type RecipientResult } from '../../domain/recipients/recipient-row.js';

const ROWS = 323;
const REJECTED = 25;
const COUNTRIES = 14;

const FILE = fileURLToPath(new URL('../../examples/recipients.csv', import.meta.url));

function checkFile(): { results: RecipientResult[]; warnings: number } {
  const [headers = [], ...rows] = parse(readFileSync(FILE), { relax_column_count: true }) as string[][];
  const result = readHeaders(headers, { hoursIn: 'batch' });
  if (!result.ok) throw new Error(result.message);
  return {
    results: rows.map((cells) => checkCsvRow(result.columns, cells, { hoursIn: 'batch' })),
    warnings: result.warnings.length,
  };
}

describe('examples/recipients.csv', () => {
  const { results, warnings } = checkFile();
  const accepted = results.flatMap((result) => (result.ok ? [result.recipient] : []));
  const errors = results.flatMap((result) => (result.ok ? [] : result.errors));

  it('has the accepted and rejected rows that its README promises', () => {
    expect({ rows: results.length, accepted: accepted.length, warnings }).toEqual({
      rows: ROWS,
      accepted: ROWS - REJECTED,
      warnings: 0,
    });
  });

  it('never calls a number twice', () => {
    expect(new Set(accepted.map((recipient) => recipient.phone)).size).toBe(accepted.length);
  });

  it('spans many countries and shows repaired numbers, the skip flag, metadata and variables', () => {
    expect(new Set(accepted.flatMap(({ country }) => country ?? [])).size).toBe(COUNTRIES);
    expect(accepted.filter((recipient) => recipient.repaired).length).toBeGreaterThanOrEqual(20);
    expect(accepted.filter((recipient) => recipient.skipPhoneCheck)).toHaveLength(3);
    expect(accepted.some((recipient) => recipient.variables['notes']?.includes('\n'))).toBe(true);
    expect(accepted.some((recipient) => Object.keys(recipient.metadata).length > 1)).toBe(true);
  });

  it('shows every kind of mistake that a row of it can hold', () => {
    expect([...new Set(errors.map((error) => error.code))].sort()).toEqual([
      'metadata_key_reserved',
      'not_a_flag',
      'not_a_json_object',
      'phone_empty',
      'phone_extension',
      'phone_invalid',
      'phone_lost_digits',
      'phone_not_digits',
      'phone_several',
      'phone_too_short',
      'phone_without_country_code',
      'too_many_cells',
    ]);
  });
});
