import type { FieldCode } from '../field-codes.js';
import type { NumbersWithoutPlus } from '../recipients/phone-readings.js';

/**
 * What can be done at once with all rejected rows that have a problem.
 * - `country`: their numbers without `+` are of this country
 * - `reading`: their numbers without `+` are national, or have a country code
 * - `skipCheck`: their numbers are dialled as they are written
 * - `zone`: the cell that is no time zone is replaced by one
 * - `clear`: the cells with the problem are emptied
 * - `leaveOut`: the rows are removed from the import
 */
export const FIX_ACTIONS = ['country', 'reading', 'skipCheck', 'zone', 'clear', 'leaveOut'] as const;
export type FixAction = (typeof FIX_ACTIONS)[number];

const PHONE: readonly FixAction[] = ['country', 'reading', 'skipCheck', 'leaveOut'];
const CELL: readonly FixAction[] = ['clear', 'leaveOut'];
const ROW: readonly FixAction[] = ['leaveOut'];

/** Which actions a problem allows. Who must not be called is never made callable by a fix of many rows. */
const FIXES = {
  phone_without_country_code: PHONE,
  phone_ambiguous: PHONE,
  phone_invalid: PHONE,
  phone_too_short: PHONE,
  phone_too_long: ROW,
  phone_empty: ROW,
  phone_not_digits: ROW,
  phone_extension: ROW,
  phone_several: ROW,
  phone_calculated: ROW,
  phone_lost_digits: ROW,
  phone_costly: ROW,
  do_not_call: ROW,
  too_many_cells: ROW,
  row_quotes: ROW,
  row_too_long: ROW,
  time_zone_unknown: ['zone', ...CELL],
  text_broken: CELL,
  not_a_flag: CELL,
  not_a_time: CELL,
  time_skipped: CELL,
  empty_period: CELL,
  agent_unknown: CELL,
  not_a_json_object: CELL,
  metadata_key_reserved: CELL,
  metadata_too_deep: CELL,
  sip_header_name: CELL,
  sip_header_value: CELL,
} as const satisfies Partial<Record<FieldCode, readonly FixAction[]>>;

export type FixableCode = keyof typeof FIXES;
/** The problems for which a row is rejected. */
export const FIXABLE_CODES = Object.keys(FIXES) as FixableCode[];

/** What can be done with all rows that have this problem; nothing for a warning. */
export function fixesOf(code: FieldCode): readonly FixAction[] {
  return Object.hasOwn(FIXES, code) ? FIXES[code as FixableCode] : [];
}

/** How the number of one row is read, where a fix has said so: in place of what the upload says. */
export type RowReading = {
  defaultCountry?: string;
  numbersWithoutPlus?: NumbersWithoutPlus;
  skipPhoneCheck?: true;
};

/** One fix of all rejected rows that have a problem; with `cell` of those alone whose cell with it reads so. */
export type Fix = { code: FixableCode; cell: string | null } & (
  | { action: 'country'; country: string; numbersWithoutPlus?: NumbersWithoutPlus | undefined }
  | { action: 'reading'; numbersWithoutPlus: 'national' | 'international' }
  | { action: 'zone'; timeZone: string }
  | { action: 'skipCheck' | 'clear' | 'leaveOut' }
);
