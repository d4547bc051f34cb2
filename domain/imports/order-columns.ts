import { withoutInvisible } from '../invisible.js';
import { quoted, type FieldProblem } from '../field-problem.js';

/** Whether a column such as `do_not_call` rejects the rows that it forbids, or is only a variable. */
export const DO_NOT_CALL_COLUMNS = ['reject', 'variables'] as const;
export type DoNotCallColumns = (typeof DO_NOT_CALL_COLUMNS)[number];

/** A longer header is a variable: nobody writes an order so. */
const ORDER_LENGTH_MAX = 80;

const DO_NOT_CALL: readonly string[] = [
  ...['dnc', 'dncl', 'dnd', 'no call', 'no calls', 'unsubscribe', 'unsubscribed', 'suppress', 'suppressed'],
  ...['do not call', 'donotcall', 'dont call', 'don t call', 'do not phone', 'do not dial', 'do not contact'],
  ...['do not disturb', 'opt out', 'optout', 'opted out', 'optedout'],
];
/** What may stand around it: `is_dnc`, `Call Opt-Out Flag`, `Do not call? (y/n)`. An opt-out of letters or texts is none of calls. */
const BEFORE: ReadonlySet<string> = new Set(
  'is has on in the national federal state internal phone call calls voice customer contact lead marketing'.split(' '),
);
const AFTER: ReadonlySet<string> = new Set(
  'flag status list registry register indicator yn y n yes no requested'.split(' '),
);

/** What reads like an order on when or whom to call. */
const LIKE_AN_ORDER: readonly RegExp[] = [
  /\b(?:call|calls|calling|dial|contact) (?:me )?(?:at|on|after|before|from|until|till|by|time|times|date|day|days|hours|window)\b/,
  /\b(?:do not|don t|dnc|not before|not after|opt out|opted out|opt in|opted in|unsubscribed?|consent|blocked|blocklist(?:ed)?|blacklist(?:ed)?|suppress(?:ed|ion)?)\b/,
  /\b(?:scheduled?|schedule) (?:at|for|on|time|date|call)\b|\b(?:expires|valid|starts|ends) (?:at|until|from)\b/,
  /\btime ?zone\b|^tz$|\b(?:max attempts|retries|caller id|from number|agent id)\b/,
];
const NO_WORDS: ReadonlySet<string> = new Set([
  '',
  'no',
  'n',
  'false',
  'f',
  '0',
  'off',
  'none',
  'null',
  'n/a',
  'na',
  '-',
]);

/** Whether a header says that its column tells who must not be called, in any of its spellings. */
export function isDoNotCall(foldedHeader: string): boolean {
  const words = wordsOf(foldedHeader);
  while (words.length > 1 && AFTER.has(words.at(-1) ?? '')) words.pop();
  // At each step the rest may be the order: `no call`, and `call opt out`.
  for (let from = 0; from < words.length; from++) {
    if (DO_NOT_CALL.includes(words.slice(from).join(' '))) return true;
    if (!BEFORE.has(words[from] ?? '')) return false;
  }
  return false;
}

/** Whether a header reads like an order. */
export function isLikeAnOrder(foldedHeader: string): boolean {
  const text = wordsOf(foldedHeader).join(' ');
  return LIKE_AN_ORDER.some((pattern) => pattern.test(text));
}

/** What forbids to call a recipient whose row has this cell in such a column; null when the cell clearly says no, or nothing. */
export function forbiddenBy(header: string, cell: string): FieldProblem | null {
  // Most are empty.
  if (cell === '' || NO_WORDS.has(withoutInvisible(cell).trim().toLowerCase())) return null;
  const message = `column ${quoted(header)} says ${quoted(cell)}, so this recipient must not be called; only no, false, 0 or an empty cell allows it`;
  return { field: `variables.${header}`, code: 'do_not_call', message };
}

function wordsOf(foldedHeader: string): string[] {
  if (foldedHeader.length > ORDER_LENGTH_MAX) return [];
  return foldedHeader.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
}
