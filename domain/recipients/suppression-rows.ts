import { foldHeader } from '../imports/columns.js';
import { readHeaders, type HeaderProblemCode } from '../imports/csv-headers.js';
import type { FieldCode } from '../field-codes.js';
import { isUnstorable, quoted, unstorable } from '../field-problem.js';
import { checkPhone, PHONE_DIGITS_MIN, type PhoneCheckOptions } from './phone.js';
import { suppressionKeyOf } from './phone-key.js';

/** Short numbers are dialled too, where a recipient skips the check of its number. */
const DIGITS_MIN = 3;
const SUPPRESSION_REASON_LENGTH_MAX = 200;

export type SuppressedPhone =
  { ok: true; phone: string; key: string; isE164: boolean } | { ok: false; code: FieldCode; message: string };

/** How numbers without `+` are read. */
export type PhoneReading = Pick<PhoneCheckOptions, 'defaultCountry' | 'numbersWithoutPlus'>;

/** Where a file has its numbers and, if it tells any, its reasons; the other columns are not read. */
export type SuppressionColumns = { count: number; phone: number; reason: number | null };

export type SuppressionRow =
  { ok: true; phone: string; key: string; reason: string | null; isE164: boolean } | { ok: false; message: string };

/**
 * A number in the form in which recipients have it, and its key. One without `+` is taken only when one number alone can be
 * meant. What is no valid number is known by its digits, as recipients with `ignoreE164Validation` are: with `+`, or short enough
 * for an extension; other digits would suppress nobody.
 */
export function checkSuppressedPhone(raw: string, reading: PhoneReading = {}): SuppressedPhone {
  if (isUnstorable(raw)) return { ok: false, ...unstorable('phoneNumber', 'phone') };
  const valid = checkPhone(raw, { ...reading, skipPhoneCheck: false, allowCostlyNumbers: true });
  if (valid.ok) return { ok: true, phone: valid.phone, key: valid.phone, isE164: true };
  const written = checkPhone(raw, { skipPhoneCheck: true, minDigits: DIGITS_MIN, allowCostlyNumbers: true });
  if (!written.ok) return written;
  const isKept = /^\+|^00/.test(written.phone) || written.phone.length < PHONE_DIGITS_MIN;
  if (valid.code === 'phone_ambiguous' || !isKept) return { ok: false, code: valid.code, message: valid.message };
  return { ok: true, phone: written.phone, key: suppressionKeyOf(written.phone), isE164: false };
}

/** Reads the headers of a suppression file: those of recipients, and `reason`. */
export function readSuppressionHeaders(
  cells: readonly string[],
  options: { columnsMax: number; firstRows?: readonly (readonly string[])[] },
): { ok: true; columns: SuppressionColumns } | { ok: false; code: HeaderProblemCode; message: string } {
  const headers = readHeaders(cells, { hoursIn: 'batch', ...options });
  if (!headers.ok) return headers;
  const phone = headers.columns.findIndex((column) => column.kind === 'reserved' && column.field === 'phoneNumber');
  const reasons = cells.flatMap((header, index) => (foldHeader(header) === 'reason' ? [index] : []));
  const [reason = null, second] = reasons;
  if (second !== undefined && reason !== null) {
    const message = `Columns ${reason + 1} and ${second + 1} both mean reason; rename or remove one of them`;
    return { ok: false, code: 'duplicate_column', message };
  }
  return { ok: true, columns: { count: cells.length, phone, reason } };
}

/** One row of a suppression file. Cells beyond the headers reject it: an unquoted comma has then shifted every value. */
export function checkSuppressionRow(
  columns: SuppressionColumns,
  cells: readonly string[],
  reading: PhoneReading = {},
): SuppressionRow {
  if (cells.slice(columns.count).some((cell) => cell.trim() !== '')) {
    const message = `the row has ${cells.length} cells for ${columns.count} headers; put quotes around values that contain the separator`;
    return { ok: false, message };
  }
  const phone = checkSuppressedPhone(cells[columns.phone] ?? '', reading);
  if (!phone.ok) return { ok: false, message: phone.message };
  const reason = (columns.reason === null ? '' : (cells[columns.reason] ?? '')).trim();
  if (isUnstorable(reason)) return { ok: false, message: unstorable('reason', 'reason').message };
  if (reason.length > SUPPRESSION_REASON_LENGTH_MAX) {
    return { ok: false, message: `reason ${quoted(reason)} has more than ${SUPPRESSION_REASON_LENGTH_MAX} characters` };
  }
  const { key, isE164 } = phone;
  return { ok: true, phone: phone.phone, key, reason: reason === '' ? null : reason, isE164 };
}
