import { z } from 'zod';
import { listCalls } from '../../../store/calls/list-calls.js';
import { defineOperation } from '../../http/operation.js';
import { CURSOR_TIME, CURSOR_UUID, pageOf, pageQuery, readCursor, writeCursor } from '../../http/paging.js';
import { callQuery, callSchema } from '../../schemas/call-schemas.js';
import { toCallView } from '../../views/call-view.js';

export const listCallsOperation = defineOperation({
  id: 'listCalls',
  method: 'get',
  path: '/v1/calls',
  summary: 'List calls',
  description:
    'Every attempt of the workspace, test calls too, the newest first. All filters may be combined. Where few calls are as they want them, a page looks at 10,000 and may have fewer than asked for, or none, and a `nextCursor` all the same: go on until that is null.',
  tag: 'calls',
  role: 'viewer',
  work: 'search',
  query: z.object({ ...pageQuery, ...callQuery }),
  responses: { 200: { description: 'A page of calls', schema: pageOf(callSchema) } },
  async handler({ auth, query: { cursor, limit, fromNumberId, ...filter }, deps }) {
    const after = readCursor(cursor, [CURSOR_TIME, CURSOR_UUID]);
    const page = { after: after && { cursorAt: after[0]!, id: after[1]! }, limit }; // readCursor has counted them
    const wanted = { ...filter, phoneNumberId: fromNumberId };
    const { rows, goesOnAfter } = await listCalls(deps.db.pool, auth.workspaceId, wanted, page);
    const nextCursor = goesOnAfter && writeCursor([goesOnAfter.cursorAt, goesOnAfter.id]);
    return { status: 200, body: { data: rows.map(toCallView), nextCursor } };
  },
});
