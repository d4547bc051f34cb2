import type { FieldCode } from './field-codes.js';
import { describeInvisible } from './invisible.js';

/** What is wrong with one field. The message needs only a row prefix, see `rowMessage`. `variables.<key>` names a variable. */
export type FieldProblem = { field: string; code: FieldCode; message: string };

/** Where the rules report. A row with one error or more is rejected, with all of them. */
export type Findings = { errors: FieldProblem[]; warnings: FieldProblem[] };

const QUOTED_LENGTH_MAX = 40;

/**
 * What PostgreSQL's text and jsonb refuse: NUL, and halves of a surrogate pair. And U+FFFD, which stands where a program could
 * not read a character: what was meant is lost, and nobody is called by such a name.
 */
const UNSTORABLE = /[\0\p{Cs}\ufffd]/u;

/** The message as shown in a list of problems: "Row 17: phone '12a' is not a phone number; …". Row 1 is the first below the headers. */
export function rowMessage(rowNumber: number, problem: Pick<FieldProblem, 'message'>): string {
  return `Row ${rowNumber}: ${problem.message}`;
}

/** A value as quoted in a message, cut when it is long; what it holds that cannot be seen is named. */
export function quoted(text: string): string {
  const shown = text.length > QUOTED_LENGTH_MAX ? `${beginningOf(text, QUOTED_LENGTH_MAX)}…` : text;
  return `'${shown}'${describeInvisible(text)}`;
}

/** The first characters of a text; half of a surrogate pair, which PostgreSQL refuses, is left out. */
export function beginningOf(text: string, lengthMax: number): string {
  return text.slice(0, lengthMax).replace(/[\ud800-\udbff]$/, '');
}

export function isUnstorable(text: string): boolean {
  return UNSTORABLE.test(text);
}

/** The problem of a text that must not be stored. */
export function unstorable(field: string, what: string): FieldProblem {
  const found = 'contains a NUL byte or a broken character';
  return { field, code: 'text_broken', message: `${what} ${found}; remove it, or save the file as UTF-8` };
}
