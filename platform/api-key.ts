import { crc32 } from 'node:zlib';

/** Scanners of code and logs know our keys by it. */
const PREFIX = 'dw_';
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const KEY = new RegExp(`^${PREFIX}([0-9A-Za-z]{${SECRET_LENGTH}})([0-9A-Za-z]{${CHECKSUM_LENGTH}})$`);
const SHOWN_LENGTH = PREFIX.length + 5;
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * An API key of 32 random bytes: `dw_`, 43 letters and digits, and 6 that are the CRC-32 of those. A text that only looks
 * like a key is told from one without asking anybody, and a double click takes the whole.
 */
export function writeApiKey(random: Buffer): string {
  const secret = inDigits(BigInt(`0x${random.toString('hex')}`), SECRET_LENGTH);
  return `${PREFIX}${secret}${checksumOf(secret)}`;
}

export function isApiKey(text: string): boolean {
  const [, secret, checksum] = KEY.exec(text) ?? [];
  return secret !== undefined && checksumOf(secret) === checksum;
}

/** What is shown of a key, to tell it from others. */
export function shownPart(key: string): string {
  return key.slice(0, SHOWN_LENGTH);
}

function checksumOf(secret: string): string {
  return inDigits(BigInt(crc32(secret)), CHECKSUM_LENGTH);
}

function inDigits(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; rest > 0n; rest /= 62n) text = DIGITS[Number(rest % 62n)]! + text; // below 62
  return text.padStart(length, '0');
}
