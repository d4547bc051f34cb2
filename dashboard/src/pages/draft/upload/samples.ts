import type { Schemas } from '../../../api/client.js';
import type { ImportRow } from './import-queries.js';

const SAMPLES_MAX = 3;

/** The first cells of a column that are not empty. Of an ignored column nothing is kept. */
export function samplesOf(
  rows: readonly ImportRow[],
  header: string,
  takenAs: Schemas['ImportColumn']['takenAs'],
): string[] {
  const cells = rows.map((row) => cellOf(row, header, takenAs)).filter((cell) => cell !== '');
  return [...new Set(cells)].slice(0, SAMPLES_MAX);
}

function cellOf({ recipient, cells }: ImportRow, header: string, takenAs: string): string {
  if (cells) return cells[header]?.trim() ?? '';
  if (!recipient) return '';
  switch (takenAs) {
    case 'phoneNumber':
      return recipient.originalPhoneNumber ?? recipient.phoneNumber;
    case 'variable':
      return recipient.variables[header] ?? '';
    case 'ignored':
      return '';
    default: {
      const value = (recipient as Record<string, unknown>)[takenAs];
      if (value === null || value === undefined || value === false) return '';
      if (typeof value !== 'object') return String(value);
      return Object.keys(value).length > 0 ? JSON.stringify(value) : '';
    }
  }
}
