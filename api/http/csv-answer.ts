import type { Answer } from './operation.js';

/** Without it, spreadsheets take UTF-8 for the encoding of their country. */
const BYTE_ORDER_MARK = '\ufeff';

/**
 * A CSV file to download, sent as its lines are made. The first are made at once: what fails before anything was sent is
 * answered as an error.
 */
export async function csvAnswer(fileName: string, lines: AsyncIterator<string>): Promise<Answer> {
  const first = await lines.next();
  async function* chunks(): AsyncGenerator<string> {
    yield BYTE_ORDER_MARK;
    for (let next = first; next.done !== true; next = await lines.next()) yield next.value;
  }
  const headers = { 'Content-Disposition': `attachment; filename="${fileName}"` };
  return { status: 200, headers, stream: { contentType: 'text/csv; charset=utf-8', chunks: chunks() } };
}
