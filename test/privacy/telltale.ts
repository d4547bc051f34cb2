/** A person of whom nothing may be in any log, nor in Temporal. */
export const PHONE = '+34600111222';
export const NAME = 'Maria Recognisable';
export const TELLTALE = `${NAME} ${PHONE}`;

/** What of that person is in a text, in whatever form; a number that is masked is none. */
export function findTelltales(text: string): string[] {
  return text.match(/600.?111.?222|recognisable/gi) ?? [];
}
