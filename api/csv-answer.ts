import type { Answer } from './operation.js';

/** Without it, spreadsheets take UTF-8 for the encoding of their country. */
const BYTE_ORDER_MARK = '\ufeff';

/** A CSV file to download, sent as its lines are made. */
export function csvAnswer(fileName: string, lines: AsyncIterable<string>): Answer {
  async function* chunks(): AsyncGenerator<string> {
    let start = BYTE_ORDER_MARK;
    for await (const text of lines) {
      yield start + text;
      start = '';
    }
  }
  const headers = { 'Content-Disposition': `attachment; filename="${fileName}"` };
  return { status: 200, headers, stream: { contentType: 'text/csv; charset=utf-8', chunks: chunks() } };
}
