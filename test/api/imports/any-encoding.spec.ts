import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import iconv from 'iconv-lite';
import { createRandom, type Random } from '../../chaos/random.js';
import { draft } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';

/** 10,000 rows in all. */
const SEEDS = [20261129, 20261130, 20261131, 20261132];
const FILES = 25;
const ROWS_A_FILE = 100;

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

/** Names, and the code pages that can write them. */
const LANGUAGES: readonly { names: readonly string[]; encodings: readonly string[] }[] = [
  { names: ['José', 'Zoë', 'François', 'Jürgen', 'Ann'], encodings: ['windows-1252', 'macintosh', 'ibm850'] },
  { names: ['Łukasz', 'Żaneta', 'Michał', 'Ewa'], encodings: ['windows-1250', 'iso-8859-2', 'ibm852'] },
  { names: ['Иван', 'Мария', 'Дмитрий', 'Olga'], encodings: ['windows-1251', 'koi8-r', 'ibm866'] },
  { names: ['محمد', 'فاطمة', 'عبد الله'], encodings: ['windows-1256', 'iso-8859-6'] },
  { names: ['Ayşe', 'Şükrü', 'Çağla'], encodings: ['windows-1254'] },
  { names: ['王伟', '李娜', '张敏', '联通'], encodings: ['gb18030'] },
  { names: ['田中', 'すずき', '佐藤 健'], encodings: ['shift_jis', 'euc-jp'] },
  { names: ['김철수', '이영희'], encodings: ['euc-kr'] },
  { names: ['สมชาย', 'สมหญิง'], encodings: ['windows-874'] },
];
const INVISIBLE = ['\u200b', '\u200e', '\u061c', '\ufeff', '\u2060', '\u00ad'];
const SEPARATORS = [',', ';', '\t', '|'];

type Row = { phone: string; name: string; isCalculated: boolean; line: string };

/** The digits behind +1 of a North American number. */
const nationalOf = (phone: string): string => phone.slice(2);
const inScript = (zero: string, phone: string): string =>
  phone.replace(/\d/g, (digit) => String.fromCodePoint(zero.codePointAt(0)! + Number(digit)));
/** How people and programs write a number. */
const SPELLINGS: readonly ((phone: string) => string)[] = [
  (phone) => `+1 (${phone.slice(2, 5)}) ${phone.slice(5, 8)}-${phone.slice(8)}`,
  (phone) => phone.replace('+1', '+1.').replace(/(\d{3})(\d{4})$/, '.$1.$2'),
  (phone) => phone.replace('+', '00'),
  (phone) => `'${phone}`,
  (phone) => `="${phone}"`,
  (phone) => `tel:${phone}`,
  (phone) => `  ${phone} `,
  (phone) => `${phone}.0`,
];
const UNICODE_SPELLINGS: readonly ((phone: string) => string)[] = [
  (phone) => inScript('０', phone).replace('+', '＋'),
  (phone) => inScript('٠', phone),
  (phone) => inScript('०', phone),
  (phone) => `\u202a${phone}\u202c`,
  (phone) => phone.replace('+1202', '+1\u00a0202\u2011\u200b'),
];
/** What a spreadsheet has made of a number: no number at all, whatever the digits say. */
const CALCULATED: readonly ((phone: string) => string)[] = [
  (phone) => `-${nationalOf(phone)}`,
  (phone) => `${nationalOf(phone)}-`,
  (phone) => `(${nationalOf(phone)})`,
  (phone) => `-${phone}`,
  (phone) => `${nationalOf(phone)}.5`,
  (phone) => Number(nationalOf(phone)).toLocaleString('en'),
  (phone) => Number(phone).toExponential(5).toUpperCase(),
];

/** A file by chance: an encoding, a separator, quotes, invisible marks, and here and there a line that is no CSV or no text. */
function fileOf(random: Random, index: number): { content: Buffer; rows: Row[] } {
  const { pick } = random;
  const { names, encodings } = pick(LANGUAGES);
  const encoding = random.between(0, 2) === 0 ? pick(encodings) : pick(['utf-8', 'utf-8', 'utf-16le', 'utf-16be']);
  const isUnicode = encoding.startsWith('utf');
  const separator = pick(SEPARATORS);
  const mark = (): string => (isUnicode && random.between(0, 9) === 0 ? pick(INVISIBLE) : '');
  const quoted = (cell: string): string =>
    /["\n]/.test(cell) || cell.includes(separator) || random.between(0, 3) === 0
      ? `"${cell.replaceAll('"', '""')}"`
      : cell;
  const rows = Array.from({ length: ROWS_A_FILE }, (_, at): Row => {
    const phone = `+1202${5_550_000 + ((index * ROWS_A_FILE + at) % 9_999)}`;
    const name = `${pick(names)}${mark()}${pick(['', '', ` ${pick(names)}`, separator, ' "x"', '\n'])}`;
    const isCalculated = random.between(0, 9) === 0;
    const spellings = isUnicode ? [...SPELLINGS, ...UNICODE_SPELLINGS] : SPELLINGS;
    const spell = isCalculated ? pick(CALCULATED) : random.between(0, 1) === 0 ? pick(spellings) : String;
    const lineOf = (second: string): string => [quoted(spell(phone)), second, `row ${phone}`].join(separator);
    const row = { phone, name, isCalculated };
    const damage = random.between(0, 24);
    if (damage === 0) return { ...row, line: lineOf(`"${pick(names)}" y`) };
    if (damage === 1) return { ...row, line: lineOf(`5" ${pick(names)}`) };
    if (damage === 2) return { ...row, line: lineOf('x'.repeat(5_000)) };
    return { ...row, line: lineOf(quoted(name)) };
  });
  const header = ['phone_number', `na${mark()}me`, 'note'].join(separator);
  const hint = random.between(0, 9) === 0 ? `sep=${separator}\n` : '';
  const text = `${hint}${header}\n${rows.map(({ line }) => line).join('\n')}\n`;
  const encoded = iconv.encode(text, encoding, { addBOM: isUnicode && random.between(0, 1) === 0 });
  // Bytes of another encoding, as of a file that was put together.
  const content = encoding === 'utf-8' && random.between(0, 2) === 0 ? wrongByte(encoded, random) : encoded;
  return { content, rows };
}

function wrongByte(content: Buffer, random: Random): Buffer {
  const places = [...content.entries()].filter(([, byte]) => byte > 0xc0).map(([at]) => at);
  const at = places[random.between(0, Math.max(0, places.length - 1))];
  if (at === undefined) return content;
  return Buffer.concat([content.subarray(0, at), Buffer.from([0x96]), content.subarray(at)]);
}

describe('any file, in any encoding, separator and damage', () => {
  it.each(SEEDS)(
    'has every row accepted or rejected, and the numbers and names that were written: seed %d',
    async (seed) => {
      const random = createRandom(seed);
      let confirmed = 0;
      let recipients = 0;
      for (let index = 0; index < FILES; index++) {
        const { content, rows } = fileOf(random, index);
        const params = { batchId: await draft(api, { recipients: [] }) };
        const { status, body, problem } = await send(api, 'createImport', {
          params,
          file: { name: 'a.csv', content },
          query: { autoConfirm: 'true', ...(random.between(0, 1) === 0 && { defaultCountry: 'US' }) },
        });
        expect([index, status, problem.detail]).toEqual([index, 201, undefined]);
        expect(body.acceptedRows + body.rejectedRows).toBe(body.totalRows);
        if (!body.encoding.certain) expect(body.status).toBe('REVIEW');
        if (body.status !== 'CONFIRMED') continue;
        confirmed += 1;
        const { rows: stored } = await api.db.pool.query<{ phone: string; name: string; note: string | undefined }>(
          `SELECT phone, name, variables ->> 'note' AS note FROM recipients
         WHERE import_id IN (SELECT id FROM imports ORDER BY created_at DESC LIMIT 1)`,
        );
        const written = new Map(rows.map((row) => [row.phone, row]));
        for (const { phone, name, note } of stored) {
          const row = written.get(phone);
          expect([index, phone, note, name]).toEqual([index, phone, `row ${row?.phone}`, row?.name.trim()]);
          expect([phone, row?.isCalculated]).toEqual([phone, false]);
        }
        recipients += stored.length;
      }
      // Most files are in Unicode, and most of their rows are whole.
      expect(confirmed).toBeGreaterThan(FILES / 2);
      expect(recipients).toBeGreaterThan(confirmed * ROWS_A_FILE * 0.6);
    },
  );
});
