import { dictionary } from '@zxcvbn-ts/language-common';

const PASSWORD_LENGTH_MIN = 10;
/** Longer ones cost more to hash, and protect no better. */
const PASSWORD_LENGTH_MAX = 200;

const COMMON: ReadonlySet<string> = new Set(dictionary['passwords-common']);

/** What is wrong with a new password; null when it is good. `known`: e-mail and name, which others know. */
export function problemOfPassword(password: string, known: readonly string[] = []): string | null {
  if ([...password].length < PASSWORD_LENGTH_MIN) return `has fewer than ${PASSWORD_LENGTH_MIN} characters`;
  if (password.length > PASSWORD_LENGTH_MAX) return `has more than ${PASSWORD_LENGTH_MAX} characters`;
  const plain = password.toLowerCase();
  if (COMMON.has(plain) || COMMON.has(withoutTail(plain))) return 'is one that many people use';
  if (new Set(plain).size < 4) return 'repeats the same characters';
  const isKnown = known.some((text) => text.length >= 4 && plain.includes(text.toLowerCase()));
  return isKnown ? 'contains your e-mail address or your name' : null;
}

/** Without the digits and signs at the end, which people add to a common one. */
function withoutTail(text: string): string {
  let end = text.length;
  while (end > 0 && !/\p{L}/u.test(text[end - 1] ?? '')) end -= 1;
  return text.slice(0, end);
}
