/** What is wrong with one field. The message needs only a row prefix, see `rowMessage`. `variables.<key>` names a variable. */
export type FieldProblem = { field: string; code: string; message: string };

/** Where the rules report. A row with one error or more is rejected, with all of them. */
export type Findings = { errors: FieldProblem[]; warnings: FieldProblem[] };

const QUOTED_LENGTH_MAX = 40;

/** What PostgreSQL's text and jsonb refuse: NUL, and halves of a surrogate pair. */
const UNSTORABLE = /[\0\p{Cs}]/u;

/** The message as shown in a list of problems: "Row 17: phone '12a' is not a phone number; …". Row 1 is the first below the headers. */
export function rowMessage(rowNumber: number, problem: Pick<FieldProblem, 'message'>): string {
  return `Row ${rowNumber}: ${problem.message}`;
}

/** A value as quoted in a message, cut when it is long. */
export function quoted(text: string): string {
  return `'${text.length > QUOTED_LENGTH_MAX ? `${text.slice(0, QUOTED_LENGTH_MAX)}…` : text}'`;
}

export function isUnstorable(text: string): boolean {
  return UNSTORABLE.test(text);
}

/** The problem of a text that PostgreSQL cannot store. */
export function unstorable(field: string, what: string): FieldProblem {
  const found = 'contains a NUL byte or a broken character';
  return { field, code: 'text_broken', message: `${what} ${found}; remove it, or save the file as UTF-8` };
}
