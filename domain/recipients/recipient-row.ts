import { isBlankHeader, type ReservedField } from '../imports/column-choice.js';
import type { Column } from '../imports/columns.js';
import { restoreCells } from '../imports/csv-headers.js';
import { forbiddenBy, type DoNotCallColumns } from '../imports/order-columns.js';
import { isUnstorable, quoted, unstorable, type FieldProblem, type Findings } from '../field-problem.js';
import { checkPhone, type PhoneCheckOptions, type PhoneFit } from './phone.js';
import { checkMetadata, checkSipHeaders, setOwn } from './recipient-objects.js';
import { readWrittenInstant } from '../batches/written-instant.js';
import { readTimeZone } from '../hours/time-zone.js';

/** One recipient as it came, before any rule: the raw text of a CSV row, or the values of a JSON object. */
export type RawRecipient = {
  phoneNumber: string;
  name?: string;
  ignoreE164Validation?: string | boolean;
  overrideAgentId?: string;
  overrideAgentVersion?: string;
  metadata?: string | Record<string, unknown>;
  customSipHeaders?: string | Record<string, unknown>;
  timeZone?: string;
  /** ISO date and time, with an offset or in the zone of `RecipientOptions.localTimeZone`. */
  notBefore?: string;
  notAfter?: string;
  variables: Record<string, string>;
};

/** A recipient that may be stored and called. Variables are byte-equal to their cells. */
export type RecipientDraft = {
  phone: string;
  /** What a phone with the skip flag is known by, see `PhoneKeys`; every other is its own key. */
  phoneKey?: string | undefined;
  otherKeys?: readonly string[] | undefined;
  country: string | null;
  name: string | null;
  variables: Record<string, string>;
  metadata: Record<string, unknown>;
  sipHeaders: Record<string, string>;
  skipPhoneCheck: boolean;
  overrideAgentId: string | null;
  overrideAgentVersion: string | null;
  timeZone: string | null;
  notBefore: Date | null;
  notAfter: Date | null;
  /** Whether the phone was written differently and mended. */
  repaired: boolean;
  /** The phone as it was written, when it was repaired. */
  original?: string | null;
};

export type RecipientOptions = Omit<PhoneCheckOptions, 'skipPhoneCheck'> & {
  hoursIn: 'batch' | 'recipient';
  /** The batch's zone, in which a time without an offset is read; left out, such a time is refused. */
  localTimeZone?: string | undefined;
  doNotCallColumns?: DoNotCallColumns;
  /** True for a row whose number is dialled as it is written, whatever its cell says. */
  skipPhoneCheck?: true;
  /** False when the provider cannot be told to skip its own check: the flag is accepted with a warning, and not sent. */
  skipFlagSupported?: boolean;
  /** The provider's ids of the agents that may be named; left out, any id is taken. */
  knownAgentIds?: ReadonlySet<string>;
  /** The batch has no from-number yet, which decides which agents may be named, and how a number with the skip flag is known. */
  callerUnknown?: boolean;
};

export type RecipientResult = (
  | { ok: true; recipient: RecipientDraft; warnings: FieldProblem[] }
  | { ok: false; errors: FieldProblem[]; warnings: FieldProblem[] }
) & { fit?: PhoneFit | undefined };

const TRUE_WORDS: readonly string[] = ['true', '1', 'yes', 'y'];
const FALSE_WORDS: readonly string[] = ['', 'false', '0', 'no', 'n'];

/** The rules for one recipient, the same for CSV rows, JSON recipients and rows edited after an import. */
export function checkRecipient(
  raw: RawRecipient,
  options: RecipientOptions,
  found: Findings = none(),
): RecipientResult {
  checkText(raw, found);
  const skipPhoneCheck = readFlag(raw.ignoreE164Validation, options, found);
  const phone = readPhone(raw.phoneNumber, skipPhoneCheck, options, found);
  const overrideAgentId = readAgentId(raw.overrideAgentId, options, found);
  const metadata = checkMetadata(raw.metadata, found);
  const sipHeaders = checkSipHeaders(raw.customSipHeaders, found);
  const timeZone = readZone(raw.timeZone, options, found);
  const notBefore = readInstant('notBefore', raw.notBefore, options, found);
  const notAfter = readInstant('notAfter', raw.notAfter, options, found);
  if (notBefore && notAfter && notAfter <= notBefore) {
    const message = `notAfter ${raw.notAfter ?? ''} is not later than notBefore ${raw.notBefore ?? ''}`;
    found.errors.push({ field: 'notAfter', code: 'empty_period', message });
  }
  if (found.errors.length > 0 || !phone?.ok)
    return { ok: false, errors: found.errors, warnings: found.warnings, fit: phone?.fit };
  // Every key written out: a spread here makes the object slow, 7 µs a row in place of 1.
  const recipient: RecipientDraft = {
    phone: phone.phone,
    phoneKey: phone.keys?.key,
    otherKeys: phone.keys?.otherKeys,
    country: phone.country,
    name: blankToNull(raw.name),
    variables: variablesOf(raw),
    metadata,
    sipHeaders,
    skipPhoneCheck,
    overrideAgentId,
    overrideAgentVersion: blankToNull(raw.overrideAgentVersion),
    timeZone,
    notBefore,
    notAfter,
    repaired: phone.repaired,
    original: phone.repaired ? raw.phoneNumber : null,
  };
  return { ok: true, recipient, warnings: found.warnings, fit: phone.fit };
}

/**
 * One CSV row. Missing cells at its end are read as empty, with a warning; cells beyond the headers reject it unless they are
 * blank, since an unquoted comma has then shifted every value.
 */
export function checkCsvRow(
  columns: readonly Column[],
  written: readonly string[],
  options: RecipientOptions,
): RecipientResult {
  const cells = restoreCells(columns, written);
  const found = none();
  checkCellCount(columns, cells, found);
  const raw: RawRecipient = { phoneNumber: '', variables: {} };
  for (let index = 0; index < columns.length; index++) {
    const column = columns[index];
    const cell = cells[index] ?? '';
    if (column?.kind === 'variable') {
      setOwn(raw.variables, column.header, cell);
      if (column.checkedAs) checkVariable(column.checkedAs, column.header, cell, found);
    } else if (column?.kind === 'reserved') raw[column.field] = cell;
    else if (cell.trim() !== '' && isBlankHeader(column?.header ?? '')) {
      const message = `the cell ${quoted(cell)} in column ${index + 1} has no header and is left out`;
      found.warnings.push({ field: `column ${index + 1}`, code: 'cell_without_header', message });
    }
  }
  return checkRecipient(raw, options, found);
}

function none(): Findings {
  return { errors: [], warnings: [] };
}

function checkCellCount(columns: readonly Column[], cells: readonly string[], found: Findings): void {
  if (cells.length < columns.length) {
    const message = `the row has ${cells.length} of ${columns.length} cells; the missing ones are read as empty`;
    found.warnings.push({ field: 'row', code: 'missing_cells', message });
  }
  if (cells.slice(columns.length).some((cell) => cell.trim() !== '')) {
    const message = `the row has ${cells.length} cells for ${columns.length} headers; put quotes around values that contain the separator`;
    found.errors.push({ field: 'row', code: 'too_many_cells', message });
  }
}

function checkText(raw: RawRecipient, found: Findings): void {
  // `in` asks for those fields only that the row has, and makes no list of them.
  for (const name in raw) {
    const field = name as keyof RawRecipient;
    const value = raw[field];
    if (field !== 'variables' && typeof value === 'string' && isUnstorable(value))
      found.errors.push(unstorable(field, WORDS[field]));
  }
  for (const key in raw.variables) {
    if (isUnstorable(raw.variables[key] ?? ''))
      found.errors.push(unstorable(`variables.${key}`, `variable ${quoted(key)}`));
  }
}

function readPhone(text: string, skipPhoneCheck: boolean, options: RecipientOptions, found: Findings) {
  // Reported already, and the phone's own message would only repeat it.
  if (isUnstorable(text)) return null;
  // Every key written out, as in `checkRecipient`.
  const check = checkPhone(text, {
    skipPhoneCheck,
    defaultCountry: options.defaultCountry,
    numbersWithoutPlus: options.numbersWithoutPlus,
    minDigits: options.minDigits,
    dialledFrom: options.dialledFrom,
    allowCostlyNumbers: options.allowCostlyNumbers,
  });
  if (!check.ok) found.errors.push({ field: 'phoneNumber', code: check.code, message: check.message });
  return check;
}

function readFlag(value: string | boolean | undefined, options: RecipientOptions, found: Findings): boolean {
  if (value === undefined && !options.skipPhoneCheck) return false;
  const word = String(value ?? '')
    .trim()
    .toLowerCase();
  const isTrue = TRUE_WORDS.includes(word);
  const flag = isTrue || options.skipPhoneCheck === true;
  if (!isTrue && !FALSE_WORDS.includes(word)) {
    const message = `ignore e164 validation ${quoted(String(value))} is neither true nor false; write true or false`;
    found.errors.push({ field: 'ignoreE164Validation', code: 'not_a_flag', message });
  }
  if (flag && options.callerUnknown) found.errors.push(withoutCaller('ignoreE164Validation', 'ignore e164 validation'));
  if (flag && options.skipFlagSupported === false) {
    const message =
      'ignore e164 validation is not supported by this provider; the number is accepted, and the flag is not sent';
    found.warnings.push({ field: 'ignoreE164Validation', code: 'flag_not_supported', message });
  }
  return flag;
}

function readAgentId(text: string | undefined, options: RecipientOptions, found: Findings): string | null {
  const agentId = blankToNull(text);
  if (agentId !== null && options.callerUnknown)
    found.errors.push(withoutCaller('overrideAgentId', 'override agent id'));
  if (agentId !== null && options.knownAgentIds && !options.knownAgentIds.has(agentId)) {
    const message = `override agent id ${quoted(agentId)} is not an active agent of this provider account; correct it or leave it empty`;
    found.errors.push({ field: 'overrideAgentId', code: 'agent_unknown', message });
  }
  return agentId;
}

function withoutCaller(field: string, words: string): FieldProblem {
  const message = `${words} cannot be checked while the batch has no from-number; choose the number of the batch first, or leave it empty`;
  return { field, code: 'from_number_missing', message };
}

function readZone(text: string | undefined, options: RecipientOptions, found: Findings): string | null {
  return options.hoursIn === 'recipient' ? checkTimeZone('timeZone', blankToNull(text), found) : null;
}

/** @returns the zone in the spelling of the database */
function checkTimeZone(field: string, written: string | null, found: Findings): string | null {
  if (written === null) return null;
  const reading = readTimeZone(written);
  if (reading.ok) return reading.timeZone;
  found.errors.push({ field, code: 'time_zone_unknown', message: `timezone ${reading.message}` });
  return null;
}

/** A variable that says something of the call. A zone is checked wherever it stands: a recipient with a wrong one is called at night. */
function checkVariable(as: 'timeZone' | 'doNotCall', header: string, cell: string, found: Findings): void {
  if (as === 'timeZone') return void checkTimeZone(`variables.${header}`, blankToNull(cell), found);
  const problem = forbiddenBy(header, cell);
  if (problem) found.errors.push(problem);
}

function readInstant(
  field: 'notBefore' | 'notAfter',
  text: string | undefined,
  { localTimeZone }: RecipientOptions,
  found: Findings,
): Date | null {
  if (text === undefined || (localTimeZone !== undefined && text.trim() === '')) return null;
  const read = readWrittenInstant(text, localTimeZone ?? null);
  if (read.ok) return new Date(read.ms);
  found.errors.push({ field, code: read.code, message: `${field} ${quoted(text)} ${read.message}` });
  return null;
}

/** Name and time zone are variables too, so that an agent can say them; a variable of that very name keeps its own value. */
function variablesOf(raw: RawRecipient): Record<string, string> {
  const { variables, name, timeZone } = raw;
  if (name !== undefined && !Object.hasOwn(variables, 'name')) variables['name'] = name;
  if (timeZone !== undefined && !Object.hasOwn(variables, 'timezone')) variables['timezone'] = timeZone;
  return variables;
}

function blankToNull(text: string | undefined): string | null {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}

const WORDS = {
  phoneNumber: 'phone',
  name: 'name',
  ignoreE164Validation: 'ignore e164 validation',
  overrideAgentId: 'override agent id',
  overrideAgentVersion: 'override agent version',
  metadata: 'metadata',
  customSipHeaders: 'custom sip headers',
  timeZone: 'timezone',
  notBefore: 'not before',
  notAfter: 'not after',
} as const satisfies Record<ReservedField, string>;
