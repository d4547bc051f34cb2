import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import iconv from 'iconv-lite';
import { createRandom, type Random } from '../../chaos/random.js';
import { draft } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';

const SEED = 20261129;
const FILES = 100;
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

type Row = { phone: string; name: string; line: string };

/** A file by chance: an encoding, a separator, quotes, invisible marks, and here and there a line that is no CSV or no text. */
function fileOf(random: Random, index: number): { content: Buffer; rows: Row[] } {
  const { pick } = random;
  const { names, encodings } = pick(LANGUAGES);
  const encoding = random.between(0, 2) === 0 ? pick(encodings) : pick(['utf-8', 'utf-8', 'utf-16le', 'utf-16be']);
  const isUnicode = encoding.startsWith('utf');
  const separator = pick(SEPARATORS);
  const mark = (): string => (isUnicode && random.between(0, 9) === 0 ? pick(INVISIBLE) : '');
  const rows = Array.from({ length: ROWS_A_FILE }, (_, at): Row => {
    const phone = `+1202${5_550_000 + ((index * ROWS_A_FILE + at) % 9_999)}`;
    const name = `${pick(names)}${mark()}${pick(['', '', ` ${pick(names)}`, separator, ' "x"', '\n'])}`;
    const written =
      /["\n]/.test(name) || name.includes(separator) || random.between(0, 3) === 0
        ? `"${name.replaceAll('"', '""')}"`
        : name;
    const line = [phone, written, 'x'].join(separator);
    const damage = random.between(0, 24);
    if (damage === 0) return { phone, name, line: [phone, `"${pick(names)}" y`, 'x'].join(separator) };
    if (damage === 1) return { phone, name, line: [phone, `5" ${pick(names)}`, 'x'].join(separator) };
    if (damage === 2) return { phone, name, line: [phone, 'x'.repeat(5_000), 'x'].join(separator) };
    return { phone, name, line };
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
  it('has every row accepted or rejected; what is confirmed by itself has the names that were written', async () => {
    const random = createRandom(SEED);
    let confirmed = 0;
    let recipients = 0;
    for (let index = 0; index < FILES; index++) {
      const { content, rows } = fileOf(random, index);
      const params = { batchId: await draft(api, { recipients: [] }) };
      const { status, body, problem } = await send(api, 'createImport', {
        params,
        file: { name: 'a.csv', content },
        query: { autoConfirm: 'true' },
      });
      expect([index, status, problem.detail]).toEqual([index, 201, undefined]);
      expect(body.acceptedRows + body.rejectedRows).toBe(body.totalRows);
      if (!body.encoding.certain) expect(body.status).toBe('REVIEW');
      if (body.status !== 'CONFIRMED') continue;
      confirmed += 1;
      const { rows: stored } = await api.db.pool.query<{ phone: string; name: string }>(
        'SELECT phone, name FROM recipients WHERE import_id IN (SELECT id FROM imports ORDER BY created_at DESC LIMIT 1)',
      );
      const written = new Map(rows.map(({ phone, name }) => [phone, name.trim()]));
      for (const { phone, name } of stored) expect([index, phone, name]).toEqual([index, phone, written.get(phone)]);
      recipients += stored.length;
    }
    // Most files are in Unicode, and most of their rows are whole.
    expect(confirmed).toBeGreaterThan(FILES / 2);
    expect(recipients).toBeGreaterThan(confirmed * ROWS_A_FILE * 0.7);
  });
});
