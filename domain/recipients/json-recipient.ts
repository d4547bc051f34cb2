import { isUnstorable, quoted, unstorable, type FieldProblem, type Findings } from '../field-problem.js';
import { isRecord, setOwn } from './recipient-objects.js';
import { recipientFields } from './recipient-fields.js';
import { checkRecipient, type RawRecipient, type RecipientOptions, type RecipientResult } from './recipient-row.js';

const STRING_FIELDS = ['name', 'overrideAgentId', 'overrideAgentVersion', 'timeZone', 'notBefore', 'notAfter'] as const;
const OBJECT_FIELDS = ['metadata', 'customSipHeaders'] as const;
const FIELDS = Object.keys(recipientFields.shape);

/** One recipient of an API request: its shape first, then the rules that CSV rows obey too. */
export function checkJsonRecipient(value: unknown, options: RecipientOptions): RecipientResult {
  const found: Findings = { errors: [], warnings: [] };
  if (!isRecord(value)) {
    found.errors.push({
      field: 'row',
      code: 'not_an_object',
      message: 'a recipient is an object like {"phoneNumber": "+12025550123"}',
    });
    return { ok: false, ...found };
  }
  for (const key of Object.keys(value)) {
    if (FIELDS.includes(key) && !(key === 'timeZone' && options.hoursIn === 'batch')) continue;
    found.errors.push({ field: key, code: 'unknown_field', message: unknownFieldMessage(key) });
  }
  const raw = readShape(value, found);
  return found.errors.length > 0 ? { ok: false, ...found } : checkRecipient(raw, options, found);
}

function readShape(value: Record<string, unknown>, found: Findings): RawRecipient {
  const raw: RawRecipient = { phoneNumber: '', variables: readVariables(value['variables'], found) };
  const { phoneNumber, ignoreE164Validation } = value;
  if (typeof phoneNumber === 'string') raw.phoneNumber = phoneNumber;
  else found.errors.push(wrongType('phoneNumber', 'a text like "+12025550123"'));
  if (typeof ignoreE164Validation === 'boolean') raw.ignoreE164Validation = ignoreE164Validation;
  else if (ignoreE164Validation !== undefined) found.errors.push(wrongType('ignoreE164Validation', 'true or false'));
  for (const field of STRING_FIELDS) {
    const text = value[field];
    if (typeof text === 'string') raw[field] = text;
    else if (text !== undefined && text !== null) found.errors.push(wrongType(field, 'a text'));
  }
  for (const field of OBJECT_FIELDS) {
    const object = value[field];
    if (isRecord(object)) raw[field] = object;
    else if (object !== undefined && object !== null) found.errors.push(wrongType(field, 'an object'));
  }
  return raw;
}

function readVariables(value: unknown, found: Findings): Record<string, string> {
  const variables: Record<string, string> = {};
  if (value === undefined || value === null) return variables;
  if (!isRecord(value)) {
    found.errors.push(wrongType('variables', 'an object of texts'));
    return variables;
  }
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') found.errors.push(wrongType(`variables.${key}`, 'a text; put quotes around it'));
    else if (isUnstorable(key)) found.errors.push(unstorable(`variables.${key}`, 'the name of a variable'));
    else setOwn(variables, key, text);
  }
  return variables;
}

function unknownFieldMessage(key: string): string {
  if (key === 'timeZone')
    return 'timeZone is read only in a batch with hoursIn "recipient"; put it into variables instead';
  return `${quoted(key)} is not a field of a recipient; put it into variables to pass it to the agent`;
}

function wrongType(field: string, expected: string): FieldProblem {
  return { field, code: 'wrong_type', message: `${field} must be ${expected}` };
}
