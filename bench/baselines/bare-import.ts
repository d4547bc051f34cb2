import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { fastE164 } from '../../domain/recipients/fast-e164.js';

/** What a bare import prints as one line of JSON. */
export type BareImport = { rows: number; rejected: number; ms: number };

const READ_BYTES = 262_144;
const COPY_BYTES = 65_536;
const ROW_BYTES_MAX = 65_536;

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv[2] ?? '', process.argv[3] ?? '');

/**
 * The import that people write: file, csv-parse, phone check, COPY into a table without index or log, with backpressure and
 * nothing else. What the import story divides by: no upload, no rules for a row, no review, nothing that outlives a crash.
 */
async function main(file: string, databaseUrl: string): Promise<void> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  await client.query(
    'DROP TABLE IF EXISTS bare_import; CREATE UNLOGGED TABLE bare_import (row_number int, phone text, cells text[])',
  );
  const copy = client.query(copyFrom('COPY bare_import FROM STDIN'));
  const startMs = performance.now();
  let lines = '';
  let rows = 0;
  let rejected = 0;
  const write = async (): Promise<void> => {
    const chunk = Buffer.from(lines);
    lines = '';
    if (!copy.write(chunk)) await once(copy, 'drain');
  };
  const parser = parse({ from_line: 2, bom: true, max_record_size: ROW_BYTES_MAX });
  const source = createReadStream(file, { highWaterMark: READ_BYTES }).pipe(parser) as AsyncIterable<string[]>;
  for await (const row of source) {
    rows += 1;
    const checked = fastE164(row[0] ?? '');
    if (!checked) {
      rejected += 1;
      continue;
    }
    lines += `${rows}\t${checked.phone}\t${escape(`{${row.slice(1).map(element).join(',')}}`)}\n`;
    if (lines.length > COPY_BYTES) await write();
  }
  await write();
  copy.end();
  await once(copy, 'finish');
  const answer: BareImport = { rows, rejected, ms: performance.now() - startMs };
  console.log(JSON.stringify(answer));
  await client.end();
}

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function escape(text: string): string {
  return text.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character);
}

function element(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
