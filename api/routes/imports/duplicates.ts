import { z } from 'zod';
import { countDuplicates } from '../../../store/imports/count-duplicates.js';
import { requireImport } from '../../actions/confirm-and-move.js';
import { daysQuery, duplicatesSchema } from '../../schemas/import-schemas.js';
import { defineOperation } from '../../http/operation.js';
import { pageQuery, readCursor, toPage } from '../../http/paging.js';
import { idIn } from '../../schemas/fields.js';

const ROW_NUMBER = /^\d{1,9}$/;

export const listDuplicatesOperation = defineOperation({
  id: 'listDuplicates',
  method: 'get',
  path: '/v1/imports/{importId}/duplicates',
  summary: 'Count the duplicates of an import',
  description:
    'How many accepted rows have a number that occurs elsewhere, and which. They are kept unless the confirm drops them.',
  tag: 'imports',
  role: 'viewer',
  work: 'search',
  params: z.object({ importId: idIn('import') }),
  query: z.object({ ...pageQuery, days: daysQuery }),
  responses: { 200: { description: 'The counts, and a page of the rows in file order', schema: duplicatesSchema } },
  async handler(context) {
    const { auth, deps, params, query } = context;
    const cursor = readCursor(query.cursor, [ROW_NUMBER]);
    const { id, batchId } = await requireImport(context, params.importId);
    const days = query.days ?? deps.config.settings.recentCallDays;
    const whose = { workspaceId: auth.workspaceId, batchId, importId: id, days };
    const page = { after: Number(cursor?.[0] ?? 0), limit: query.limit + 1 };
    const { counts, rows } = await countDuplicates(deps.db, whose, page);
    const { data, nextCursor } = toPage(
      rows,
      query.limit,
      ({ rowNumber, phone, kinds }) => ({ rowNumber, phoneNumber: phone, duplicateOf: kinds }),
      (row) => [String(row.rowNumber)],
    );
    return { status: 200, body: { days, counts, data, nextCursor } };
  },
});
