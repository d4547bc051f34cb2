import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { rejectedHeaderLine, rejectedLine, type RejectedCells } from '../../../domain/imports/rejected-row.js';
import type { Database } from '../../../store/database.js';
import { listImportRows, readReviewRules } from '../../../store/imports/read-import.js';
import { csvAnswer } from '../../http/csv-answer.js';
import { notFound } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { idIn } from '../../schemas/fields.js';

const PAGE_ROWS = 1_000;

export const getRejectedOperation = defineOperation({
  id: 'getRejectedRows',
  method: 'get',
  path: '/v1/imports/{importId}/rejected.csv',
  summary: 'Download the rejected rows',
  description:
    'The headers of the file and a column `error` that says what is wrong with each row. Mended, it can be uploaded as it is: the column `error` is left out.',
  tag: 'imports',
  role: 'viewer',
  work: 'export',
  params: z.object({ importId: idIn('import') }),
  responses: { 200: { description: 'The rejected rows, as CSV in UTF-8', contentType: 'text/csv' } },
  async handler({ auth, deps, params }) {
    const rules = await readReviewRules(deps.db.pool, auth.workspaceId, params.importId);
    if (!rules) throw notFound('import', publicId('import', params.importId));
    return csvAnswer('rejected.csv', rejectedFile(deps.db, params.importId, rules.headers));
  },
});

/** In pages, so that memory stays flat and a slow client holds no connection. */
async function* rejectedFile(db: Database, importId: string, headers: string[]): AsyncGenerator<string> {
  yield rejectedHeaderLine(headers);
  for (let after = 0; ;) {
    const rows = await listImportRows(db.pool, importId, { accepted: false, after, limit: PAGE_ROWS });
    yield rows
      .map(({ content, problems }) => rejectedLine(headers, content as RejectedCells, problems)) // cells, as it is rejected
      .join('');
    const end = rows.at(-1);
    if (!end || rows.length < PAGE_ROWS) return;
    after = end.rowNumber;
  }
}
