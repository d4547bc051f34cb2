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

/** What a reader cannot see, or not tell from a space: named in messages. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{DI}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

/** A value as quoted in a message: cut when it is long, and with what is invisible named, as `<U+200B>`. */
export function quoted(text: string): string {
  // Twice the length holds as many whole characters as are shown, however long the text is.
  const characters = Array.from(text.slice(0, 2 * QUOTED_LENGTH_MAX + 1));
  const shown = characters.slice(0, QUOTED_LENGTH_MAX).join('').replace(UNSEEN, nameOf);
  return `'${characters.length > QUOTED_LENGTH_MAX ? `${shown}…` : shown}'`;
}

function nameOf(character: string): string {
  return `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`;
}

export function isUnstorable(text: string): boolean {
  return UNSTORABLE.test(text);
}

/** The problem of a text that PostgreSQL cannot store. */
export function unstorable(field: string, what: string): FieldProblem {
  const found = 'contains a NUL byte or a broken character';
  return { field, code: 'text_broken', message: `${what} ${found}; remove it, or save the file as UTF-8` };
}
