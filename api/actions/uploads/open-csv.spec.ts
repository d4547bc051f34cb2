import { describe, expect, it } from '@jest/globals';
import iconv from 'iconv-lite';
import { Readable } from 'node:stream';
import { Utf8Check } from '../../http/utf8-check.js';
import type { Upload } from '../../http/receive-upload.js';
import type { TextEncoding } from '../../../domain/imports/text-encodings.js';
import { openCsv } from './open-csv.js';

const NAMES = {
  Arabic: ['محمد', 'الرياض', 'فاطمة', 'عبد الله', 'خالد', 'مكة المكرمة'],
  Russian: ['Иван', 'Москва', 'Мария', 'Санкт-Петербург', 'Дмитрий'],
  Greek: ['Γιώργος', 'Αθήνα', 'Μαρία', 'Θεσσαλονίκη'],
  Hebrew: ['משה', 'ירושלים', 'שרה', 'תל אביב'],
  Polish: ['Łukasz', 'Kraków', 'Żaneta', 'Łódź', 'Michał', 'Błażej'],
  German: ['Jürgen', 'München', 'Zoë', 'Köln', 'Bärbel', 'Straße'],
  Chinese: ['王伟', '北京', '李娜', '上海', '张敏', '广州'],
  Japanese: ['田中', '東京', 'すずき', '大阪', '佐藤 健', 'カタカナ'],
  Korean: ['김철수', '서울', '이영희', '부산', '박지민'],
  Thai: ['สมชาย', 'กรุงเทพ', 'สมหญิง', 'เชียงใหม่'],
};

function uploadOf(content: Buffer, name = 'people.csv'): Upload {
  const utf8 = new Utf8Check();
  utf8.add(content);
  const first = content.findIndex((byte) => byte > 0x7f);
  return {
    fileName: name,
    columns: null,
    bytes: content.length,
    sha256: '',
    utf8: utf8.result(),
    head: content.subarray(0, 65_536),
    sample: first < 0 ? Buffer.alloc(0) : content.subarray(first, first + 8_192),
    open: () => Readable.from([content]),
    discard: () => Promise.resolve(),
  };
}

const open = (content: Buffer, asked?: TextEncoding) =>
  openCsv(uploadOf(content), { encoding: asked }, { csvRowBytesMax: 65_536 });
const rowsOf = (names: readonly string[], count: number): string =>
  `phone_number,name\n${Array.from({ length: count }, (_, index) => `+1202555${1000 + index},${names[index % names.length]!}\n`).join('')}`;

describe('the encoding of a file', () => {
  it.each<[keyof typeof NAMES, TextEncoding]>([
    ['Arabic', 'windows-1256'],
    ['Arabic', 'iso-8859-6'],
    ['Russian', 'windows-1251'],
    ['Russian', 'koi8-r'],
    ['Russian', 'ibm866'],
    ['Greek', 'windows-1253'],
    ['Hebrew', 'windows-1255'],
    ['Polish', 'windows-1250'],
    ['Polish', 'iso-8859-2'],
    ['German', 'windows-1252'],
    ['Chinese', 'gb18030'],
    ['Japanese', 'shift_jis'],
    ['Japanese', 'euc-jp'],
    ['Korean', 'euc-kr'],
    ['Thai', 'windows-874'],
  ])('of %s names in %s is found, and is never certain', (language, encoding) => {
    for (const ascii of [0, 5_000]) {
      const content = iconv.encode(`${rowsOf(['Ann'], ascii)}${rowsOf(NAMES[language], 30)}`, encoding);
      const found = open(content).encoding;
      expect(iconv.decode(content, found.name)).toBe(iconv.decode(content, encoding));
      expect(found).toMatchObject({ certain: false, confidence: expect.any(Number) });
    }
  });

  it.each<[string, Buffer, string, boolean]>([
    ['ASCII', Buffer.from('phone_number\n+12025550110\n'), 'utf-8', true],
    ['UTF-8', Buffer.from(rowsOf(NAMES.Arabic, 5)), 'utf-8', true],
    ['ISO-2022-JP', Buffer.from(rowsOf(['\x1b$BEDCf\x1b(B'], 2), 'latin1'), 'iso-2022-jp', false],
    ['UTF-16 with a mark', iconv.encode(rowsOf(NAMES.Thai, 3), 'utf-16le', { addBOM: true }), 'utf-16le', true],
    ['UTF-16 without one', iconv.encode(rowsOf(NAMES.Chinese, 3), 'utf-16le'), 'utf-16le', true],
    ['UTF-16, big-endian, without one', iconv.encode(rowsOf(NAMES.Polish, 3), 'utf-16be'), 'utf-16be', true],
    [
      'one wrong byte in much UTF-8',
      Buffer.concat([Buffer.from(rowsOf(NAMES.German, 40)), Buffer.from([0x96])]),
      'utf-8',
      true,
    ],
    ['one wrong byte in little UTF-8', Buffer.concat([Buffer.from('é,ë'), Buffer.from([0x96])]), 'utf-8', false],
  ])('of %s is known', (_what, content, name, certain) => {
    expect(open(content).encoding).toMatchObject({ name, certain });
  });

  it('is the one that is asked for, and a guess when the file speaks for UTF-8', () => {
    const content = iconv.encode(rowsOf(NAMES.Arabic, 2), 'windows-1256');
    expect(open(content, 'windows-1256').encoding).toEqual({
      name: 'windows-1256',
      certain: true,
      confidence: 1,
      alternatives: [],
    });
    expect(open(Buffer.from(rowsOf(NAMES.Arabic, 2)), 'windows-1256').encoding.certain).toBe(false);
    expect(open(Buffer.from(rowsOf(['Ann'], 2)), 'windows-1256').encoding.certain).toBe(true);
    expect(() => open(Buffer.from(`\ufeff${rowsOf(NAMES.Arabic, 2)}`), 'windows-1256')).toThrow(
      'byte order mark of utf-8',
    );
  });
});

describe('a file that is no CSV', () => {
  it.each([
    ['PK\u0003\u0004 and so on', 'a spreadsheet'],
    ['\xd0\xcf\x11\xe0', 'a spreadsheet'],
    ['%PDF-1.7', 'a PDF'],
    ['\x89PNG', 'a picture'],
    ['GIF89a', 'a picture'],
    ['\xff\xd8\xff\xe0', 'a picture'],
    ['\x1f\x8b\x08', 'a compressed file'],
    ['7z\xbc\xaf\x27', 'a compressed file'],
    ['<html><table>', 'a web page'],
    ['  <?xml version="1.0"?>', 'a web page or XML'],
    ['\xef\xbb\xbf<!DOCTYPE html>', 'a web page'],
    ['a\0b\0\0\0\0c\0\0', 'NUL bytes'],
    ['', 'is empty'],
  ])('is told by its content: %j', (content, message) => {
    expect(() => open(Buffer.from(content, 'latin1'))).toThrow(message);
  });

  it.each(['people.csv', 'people.txt', 'people', 'people.xls', 'blob'])(
    'is not one called %s that holds a CSV',
    (name) => {
      const file = openCsv(uploadOf(Buffer.from(rowsOf(['Ann'], 2)), name), {}, { csvRowBytesMax: 65_536 });
      expect(file.shape.headers).toEqual(['phone_number', 'name']);
    },
  );
});
