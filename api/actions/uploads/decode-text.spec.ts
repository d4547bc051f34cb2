import { describe, expect, it } from '@jest/globals';
import { createDecoder, type TextEncoding } from './decode-text.js';
import { Utf8Check } from '../../http/utf8-check.js';

function decode(bytes: Buffer, encoding: TextEncoding, chunk = bytes.length): string {
  const decoder = createDecoder(encoding);
  let text = '';
  for (let at = 0; at < bytes.length; at += chunk) text += decoder(bytes.subarray(at, at + chunk));
  return text + decoder();
}

function isUtf8(bytes: Buffer, chunk: number): boolean {
  const check = new Utf8Check();
  for (let at = 0; at < bytes.length; at += chunk) check.add(bytes.subarray(at, at + chunk));
  return check.isValid();
}

describe('the bytes of a file', () => {
  const text = 'Zoë €5 “Žižka” 😀';

  it.each([1, 2, 3, 100])('are read as UTF-8 and UTF-16, in chunks of %d bytes', (chunk) => {
    const swapped = Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
    expect(decode(Buffer.from(`\ufeff${text}`, 'utf8'), 'utf-8', chunk)).toBe(text);
    expect(decode(Buffer.from(`\ufeff${text}`, 'utf16le'), 'utf-16le', chunk)).toBe(text);
    expect(decode(swapped, 'utf-16be', chunk)).toBe(text);
  });

  it('are read as Windows-1252 with the signs that Latin-1 does not have', () => {
    const bytes = [
      0x80, 0x82, 0x84, 0x85, 0x8a, 0x8c, 0x8e, 0x91, 0x92, 0x93, 0x94, 0x96, 0x97, 0x99, 0x9c, 0x9f, 0xe9, 0xff,
    ];
    expect(decode(Buffer.from(bytes), 'windows-1252', 1)).toBe('€‚„…ŠŒŽ‘’“”–—™œŸéÿ');
  });

  it.each<[string, number[], TextEncoding]>([
    ['half a character at the end', [0x61, 0xc3], 'utf-8'],
    ['a byte that is none in Windows-1252', [0x61, 0x81], 'windows-1252'],
    ['half of a surrogate pair', [0x3d, 0xd8, 0x61, 0x00], 'utf-16le'],
    ['a NUL', [0x61, 0x00], 'utf-8'],
  ])('are refused with %s', (_what, bytes, encoding) => {
    expect(() => decode(Buffer.from(bytes), encoding)).toThrow('Save it as CSV UTF-8');
  });

  it.each([1, 2, 3, 4, 100])('are known to be UTF-8 or not, in chunks of %d bytes', (chunk) => {
    expect(isUtf8(Buffer.from(text), chunk)).toBe(true);
    expect(isUtf8(Buffer.from(text, 'latin1'), chunk)).toBe(false);
    expect(isUtf8(Buffer.from(text).subarray(0, -1), chunk)).toBe(false);
    expect(isUtf8(Buffer.alloc(0), chunk)).toBe(true);
  });
});
