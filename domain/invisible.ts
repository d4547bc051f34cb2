/**
 * Characters that a reader cannot see: what Unicode lets a program ignore (format characters, zero width, byte order marks,
 * variation selectors), and control characters but for tab and line ends.
 * Source: Default_Ignorable_Code_Point in DerivedCoreProperties.txt of the Unicode Character Database.
 */
// eslint-disable-next-line no-control-regex -- control characters are what it finds
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/gu;
/** Text is searched so far, so that a long cell costs no more. */
const SEARCHED_LENGTH_MAX = 1_000;
const NAMED_MAX = 3;
const NAMES: Readonly<Record<number, string>> = {
  0x00ad: 'soft hyphen',
  0x061c: 'Arabic letter mark',
  0x200b: 'zero width space',
  0x200c: 'zero width non-joiner',
  0x200d: 'zero width joiner',
  0x200e: 'left-to-right mark',
  0x200f: 'right-to-left mark',
  0x2060: 'word joiner',
  0xfe0e: 'variation selector',
  0xfe0f: 'variation selector',
  0xfeff: 'byte order mark',
};

/** The text without its invisible characters. */
export function withoutInvisible(text: string): string {
  return text.replace(INVISIBLE, '');
}

/** What a message says after a quoted text that holds something invisible: ` (with the invisible U+200B zero width space)`; else nothing. */
export function describeInvisible(text: string): string {
  const found = new Set(text.slice(0, SEARCHED_LENGTH_MAX).match(INVISIBLE) ?? []);
  if (found.size === 0) return '';
  const named = [...found].slice(0, NAMED_MAX).map(nameOf).join(', ');
  return ` (with the invisible ${named}${found.size > NAMED_MAX ? ' and more' : ''})`;
}

function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const name = NAMES[code];
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}${name === undefined ? '' : ` ${name}`}`;
}
