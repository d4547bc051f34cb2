import { DialwrightError } from '../../../api/client.js';

/** One line of the form: kept as it was typed. */
export type Person = { phoneNumber: string; name: string };

export const NOBODY: Person = { phoneNumber: '', name: '' };
/** What one request takes. */
export const PEOPLE_MAX = 5_000;

export function isEmpty({ phoneNumber, name }: Person): boolean {
  return phoneNumber.trim() === '' && name.trim() === '';
}

/** Lines that were copied from elsewhere: a number, and behind a comma, a semicolon or a tab a name. */
export function peopleIn(text: string): Person[] {
  return text
    .split(/\r?\n/)
    .map((line) => {
      const [, phoneNumber = '', name = ''] = /^([^,;\t]*)[,;\t]?(.*)$/.exec(line) ?? [];
      return { phoneNumber: phoneNumber.trim(), name: name.trim() };
    })
    .filter((person) => !isEmpty(person));
}

/** What the API says of each line, by the place of the line in the form. `sent`: the place of each that was sent. */
export function problemsOf(error: Error | null, sent: readonly number[]): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  if (!(error instanceof DialwrightError)) return found;
  for (const { field, message } of error.problem.errors ?? []) {
    const at = sent[Number(/^recipients\[(\d+)\]/.exec(field)?.[1] ?? NaN)];
    if (at !== undefined && !found.has(at)) found.set(at, message.charAt(0).toUpperCase() + message.slice(1));
  }
  return found;
}
