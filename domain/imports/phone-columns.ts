import { checkPhone } from '../recipients/phone.js';

/** Columns that a message names, and cells that are looked at: enough to tell. */
const COLUMNS_NAMED_MAX = 5;
const CELL_LENGTH_MAX = 40;
/** Eight digits too, and never a number to call. */
const DATE = /^(?:\d{4}[-./]\d\d?[-./]\d\d?|\d\d?[-./]\d\d?[-./]\d{2,4})\b/;
const MEANS_PHONE = /phone|mobile|cell|number|\btel|whatsapp/i;

/**
 * The places of the columns whose cells are phone numbers in most of these rows. Cells that are valid numbers, and headers that
 * speak of phones, come before digits that may be anything.
 */
export function phoneColumnsOf(headers: readonly string[], rows: readonly (readonly string[])[]): number[] {
  const places = headers.map((header, index) => ({ index, score: scoreOf(header, index, rows) }));
  const best = Math.max(0, ...places.map(({ score }) => score));
  if (best === 0) return [];
  return places
    .filter(({ score }) => score === best)
    .map(({ index }) => index)
    .slice(0, COLUMNS_NAMED_MAX);
}

/** Of the cells that are not empty so many must be valid numbers for a guess. */
const GUESS_SHARE_MIN = 0.8;

/** Whether a header is a number itself: the row that it stands in is one of data. */
export function looksLikeData(header: string): boolean {
  return header.length <= CELL_LENGTH_MAX && /^\+?[\d\s().-]{7,}$/.test(header);
}

/**
 * The one column whose cells are phone numbers; null when there is none, or when several may be meant. A header that is null
 * is of a column that is something else.
 */
export function guessPhoneColumn(
  headers: readonly (string | null)[],
  rows: readonly (readonly string[])[],
): { index: number; valid: number; looked: number } | null {
  if (headers.some((header) => header !== null && looksLikeData(header))) return null;
  const found = phoneColumnsOf(
    headers.map((header) => header ?? ''),
    rows.map((row) => row.map((cell, index) => (headers[index] == null ? '' : cell))),
  );
  const [index, second] = found;
  if (index === undefined || second !== undefined) return null;
  const cells = rows.map((row) => row[index]?.trim() ?? '').filter((cell) => cell !== '');
  const isForPhones = MEANS_PHONE.test(headers[index] ?? '');
  const valid = cells.filter((cell) => isLikePhone(cell, isForPhones)).length;
  return valid < cells.length * GUESS_SHARE_MIN ? null : { index, valid, looked: cells.length };
}

/** Digits without a country code are one only below a header that means phone: they may be anything. */
function isLikePhone(cell: string, isForPhones: boolean): boolean {
  if (cell.length > CELL_LENGTH_MAX || DATE.test(cell)) return false;
  const check = checkPhone(cell, { skipPhoneCheck: false });
  return check.ok || (isForPhones && check.code === 'phone_without_country_code');
}

/** 0 for none, 1 for digits only, 2 for such below a header that means phone, 3 for valid numbers. */
function scoreOf(header: string, index: number, rows: readonly (readonly string[])[]): number {
  const cells = rows.map((row) => row[index]?.trim() ?? '').filter((cell) => cell !== '');
  const checks = cells.map((cell) =>
    cell.length > CELL_LENGTH_MAX || DATE.test(cell) ? null : checkPhone(cell, { skipPhoneCheck: false }),
  );
  const valid = checks.filter((check) => check?.ok).length;
  if (cells.length === 0) return 0;
  if (valid * 2 > cells.length) return 3;
  const digits = checks.filter((check) => check?.ok || check?.code === 'phone_without_country_code').length;
  if (digits * 2 <= cells.length) return 0;
  return MEANS_PHONE.test(header) ? 2 : 1;
}
