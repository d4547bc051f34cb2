import { describe, expect, it } from '@jest/globals';
import iconv from 'iconv-lite';
import { ENCODINGS, type TextEncoding } from '../../../domain/imports/text-encodings.js';
import { createDecoder } from './decode-text.js';

function decode(bytes: Buffer, encoding: TextEncoding, chunk = bytes.length): string {
  const decoder = createDecoder(encoding);
  let text = '';
  for (let at = 0; at < bytes.length; at += chunk) text += decoder(bytes.subarray(at, at + chunk));
  return text + decoder();
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

  it.each<[TextEncoding, string]>([
    ['gb18030', '王伟😀'],
    ['shift_jis', '田中'],
    ['euc-kr', '김철수'],
    ['big5', '王偉'],
    ['koi8-r', 'Иван'],
    ['windows-1256', 'محمد'],
  ])('are read as %s, wherever they are cut', (encoding, name) => {
    expect(decode(iconv.encode(name, encoding), encoding, 1)).toBe(name);
  });

  it('can be read in every encoding that has a name here', () => {
    for (const encoding of ENCODINGS.filter((name) => name !== 'iso-2022-jp'))
      expect(decode(iconv.encode('phone_number', encoding), encoding)).toBe('phone_number');
  });

  it('are read as ISO-2022-JP, wherever they are cut', () => {
    const bytes = Buffer.from('\x1b$BEDCf\x1b(B,a', 'latin1');
    for (const chunk of [1, 2, 100]) expect(decode(bytes, 'iso-2022-jp', chunk)).toBe('田中,a');
  });

  it.each<[string, number[], TextEncoding, string]>([
    ['half a character at the end', [0x61, 0xc3], 'utf-8', 'a\ufffd'],
    ['a byte of another encoding', [0x61, 0x96, 0x62], 'utf-8', 'a\ufffdb'],
    ['a byte that is none in Windows-1252', [0x61, 0x81], 'windows-1252', 'a\ufffd'],
    ['half of a surrogate pair', [0x3d, 0xd8, 0x61, 0x00], 'utf-16le', '\ufffda'],
    ['a NUL', [0x61, 0x00], 'utf-8', 'a\ufffd'],
  ])('leave U+FFFD, which rejects a row, for %s', (_what, bytes, encoding, read) => {
    expect(decode(Buffer.from(bytes), encoding)).toBe(read);
    expect(decode(Buffer.from(bytes), encoding, 1)).toBe(read);
  });
});
